CREATE TABLE counter (
	name VARCHAR(32) NOT NULL, 
	value INTEGER NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE dismissal (
	rule TEXT NOT NULL, 
	unit_id VARCHAR(32) NOT NULL, 
	requirement_id VARCHAR(32) NOT NULL, 
	evidence_id VARCHAR(32) NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (rule, unit_id, requirement_id, evidence_id)
);
CREATE TABLE evidence (
	id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	date TEXT NOT NULL, 
	method TEXT NOT NULL, 
	standing TEXT NOT NULL, 
	location TEXT NOT NULL, 
	location_description TEXT NOT NULL, 
	confirmed_by TEXT NOT NULL, 
	confirmed_on VARCHAR(10), 
	simulated BOOLEAN NOT NULL, 
	has_content BOOLEAN NOT NULL, 
	confidential BOOLEAN NOT NULL, 
	tags TEXT NOT NULL, 
	judgement TEXT, 
	created_at VARCHAR(32) NOT NULL, 
	revised_at VARCHAR(32) NOT NULL, 
	binned_at VARCHAR(32), 
	PRIMARY KEY (id), 
	UNIQUE (number)
);
CREATE TABLE history_step (
	number INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	kind VARCHAR(4) NOT NULL, 
	target INTEGER, 
	barrier BOOLEAN NOT NULL, 
	undo_next INTEGER, 
	redo_next INTEGER, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE person (
	id VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	organisation TEXT NOT NULL, 
	relation TEXT NOT NULL, 
	status TEXT NOT NULL, 
	email TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE portfolio (
	id VARCHAR(32) NOT NULL, 
	learner_name TEXT NOT NULL, 
	learner_number TEXT NOT NULL, 
	learner_email TEXT NOT NULL, 
	learner_profile TEXT NOT NULL, 
	qualification_title TEXT NOT NULL, 
	qualification_number TEXT NOT NULL, 
	awarding_body TEXT NOT NULL, 
	qualification_level TEXT NOT NULL, 
	centre TEXT NOT NULL, 
	started_on VARCHAR(10), 
	planned_end VARCHAR(10), 
	declared_by TEXT NOT NULL, 
	declared_on VARCHAR(10), 
	ai_use TEXT NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	least_credits INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE redaction_spared (
	text TEXT NOT NULL, 
	PRIMARY KEY (text)
);
CREATE TABLE redaction_term (
	id VARCHAR(32) NOT NULL, 
	sequence INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	replacement TEXT NOT NULL, 
	whole_words BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE secret (
	name VARCHAR(32) NOT NULL, 
	value BLOB NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE unit_group (
	id VARCHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	mandatory BOOLEAN NOT NULL, 
	least_units INTEGER NOT NULL, 
	least_credits INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE attachment (
	id VARCHAR(32) NOT NULL, 
	evidence_id VARCHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	size INTEGER NOT NULL, 
	media_type TEXT NOT NULL, 
	caption TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(evidence_id) REFERENCES evidence (id) ON DELETE CASCADE
);
CREATE INDEX attachment_by_evidence ON attachment (evidence_id);
CREATE TABLE evidence_content (
	evidence_id VARCHAR(32) NOT NULL, 
	body TEXT NOT NULL, 
	fields TEXT NOT NULL, 
	PRIMARY KEY (evidence_id), 
	FOREIGN KEY(evidence_id) REFERENCES evidence (id) ON DELETE CASCADE
);
CREATE TABLE evidence_version (
	id VARCHAR(32) NOT NULL, 
	evidence_id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	made_at VARCHAR(32) NOT NULL, 
	reason TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	date TEXT NOT NULL, 
	body TEXT NOT NULL, 
	fields TEXT NOT NULL, 
	attachments TEXT NOT NULL, 
	people TEXT NOT NULL, 
	judgement TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (evidence_id, number), 
	FOREIGN KEY(evidence_id) REFERENCES evidence (id) ON DELETE CASCADE
);
CREATE TABLE history_image (
	step INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	images BLOB NOT NULL, 
	PRIMARY KEY (step, part), 
	FOREIGN KEY(step) REFERENCES history_step (number) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE involvement (
	evidence_id VARCHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	person_id VARCHAR(32) NOT NULL, 
	part TEXT NOT NULL, 
	signed_on TEXT NOT NULL, 
	PRIMARY KEY (evidence_id, position), 
	FOREIGN KEY(evidence_id) REFERENCES evidence (id) ON DELETE CASCADE, 
	FOREIGN KEY(person_id) REFERENCES person (id)
)
 WITHOUT ROWID;
CREATE INDEX involvement_by_person ON involvement (person_id);
CREATE TABLE unit (
	id VARCHAR(32) NOT NULL, 
	code TEXT NOT NULL, 
	title TEXT NOT NULL, 
	reference TEXT NOT NULL, 
	level TEXT NOT NULL, 
	credits INTEGER, 
	synopsis TEXT NOT NULL, 
	source TEXT NOT NULL, 
	is_guidance BOOLEAN NOT NULL, 
	mandatory BOOLEAN NOT NULL, 
	required_methods TEXT NOT NULL, 
	simulation_allowed BOOLEAN NOT NULL, 
	pieces_per_requirement INTEGER NOT NULL, 
	currency_years INTEGER, 
	guidance TEXT NOT NULL, 
	group_id VARCHAR(32), 
	PRIMARY KEY (id), 
	UNIQUE (code), 
	FOREIGN KEY(group_id) REFERENCES unit_group (id) ON DELETE SET NULL
);
CREATE INDEX unit_by_group ON unit (group_id);
CREATE TABLE redaction_region (
	id VARCHAR(32) NOT NULL, 
	attachment_id VARCHAR(32) NOT NULL, 
	page INTEGER NOT NULL, 
	"left" INTEGER NOT NULL, 
	top INTEGER NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(attachment_id) REFERENCES attachment (id) ON DELETE CASCADE
);
CREATE INDEX redaction_region_by_attachment ON redaction_region (attachment_id);
CREATE TABLE requirement (
	id VARCHAR(32) NOT NULL, 
	unit_id VARCHAR(32) NOT NULL, 
	parent_id VARCHAR(32), 
	position INTEGER NOT NULL, 
	ref TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	text TEXT NOT NULL, 
	label TEXT NOT NULL, 
	source_page INTEGER, 
	source_line INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(unit_id) REFERENCES unit (id) ON DELETE CASCADE, 
	FOREIGN KEY(parent_id) REFERENCES requirement (id) ON DELETE CASCADE
);
CREATE INDEX requirement_by_parent ON requirement (parent_id);
CREATE INDEX requirement_by_unit ON requirement (unit_id);
CREATE TABLE action (
	id VARCHAR(32) NOT NULL, 
	sequence INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	due VARCHAR(10), 
	done_on VARCHAR(10), 
	requirement_id VARCHAR(32), 
	evidence_id VARCHAR(32), 
	origin TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(requirement_id) REFERENCES requirement (id) ON DELETE SET NULL, 
	FOREIGN KEY(evidence_id) REFERENCES evidence (id) ON DELETE SET NULL
);
CREATE INDEX action_by_evidence ON action (evidence_id);
CREATE INDEX action_by_requirement ON action (requirement_id);
CREATE TABLE claim (
	id VARCHAR(32) NOT NULL, 
	evidence_id VARCHAR(32) NOT NULL, 
	requirement_id VARCHAR(32) NOT NULL, 
	why TEXT NOT NULL, 
	quotation TEXT NOT NULL, 
	locator TEXT NOT NULL, 
	has_place BOOLEAN NOT NULL, 
	claimed_at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (evidence_id, requirement_id), 
	FOREIGN KEY(evidence_id) REFERENCES evidence (id) ON DELETE CASCADE, 
	FOREIGN KEY(requirement_id) REFERENCES requirement (id) ON DELETE CASCADE
);
CREATE INDEX claim_facts ON claim (requirement_id, has_place, evidence_id, claimed_at);
CREATE TABLE component (
	id VARCHAR(32) NOT NULL, 
	requirement_id VARCHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(requirement_id) REFERENCES requirement (id) ON DELETE CASCADE
);
CREATE INDEX component_by_requirement ON component (requirement_id);
CREATE TABLE decision (
	id VARCHAR(32) NOT NULL, 
	sequence INTEGER NOT NULL, 
	requirement_id VARCHAR(32) NOT NULL, 
	verdict TEXT NOT NULL, 
	decided_by TEXT NOT NULL, 
	comment TEXT NOT NULL, 
	decided_at VARCHAR(32) NOT NULL, 
	seen_at VARCHAR(32), 
	source TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(requirement_id) REFERENCES requirement (id)
);
CREATE INDEX decision_by_requirement ON decision (requirement_id);
CREATE TABLE rejected_suggestion (
	evidence_id VARCHAR(32) NOT NULL, 
	requirement_id VARCHAR(32) NOT NULL, 
	PRIMARY KEY (evidence_id, requirement_id), 
	FOREIGN KEY(evidence_id) REFERENCES evidence (id) ON DELETE CASCADE, 
	FOREIGN KEY(requirement_id) REFERENCES requirement (id) ON DELETE CASCADE
)
 WITHOUT ROWID;
CREATE INDEX rejected_suggestion_by_requirement ON rejected_suggestion (requirement_id);
CREATE TABLE claim_component (
	claim_id VARCHAR(32) NOT NULL, 
	component_id VARCHAR(32) NOT NULL, 
	PRIMARY KEY (claim_id, component_id), 
	FOREIGN KEY(claim_id) REFERENCES claim (id) ON DELETE CASCADE, 
	FOREIGN KEY(component_id) REFERENCES component (id) ON DELETE CASCADE
)
 WITHOUT ROWID;
CREATE INDEX claim_component_by_component ON claim_component (component_id);
CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'decision is append only'); END;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'decision is append only'); END;
CREATE TRIGGER history_step_no_update BEFORE UPDATE ON history_step BEGIN SELECT RAISE(ABORT, 'history_step is append only'); END;
CREATE TRIGGER history_step_no_delete BEFORE DELETE ON history_step BEGIN SELECT RAISE(ABORT, 'history_step is append only'); END;
CREATE TRIGGER history_image_no_update BEFORE UPDATE ON history_image BEGIN SELECT RAISE(ABORT, 'history_image is append only'); END;
CREATE TRIGGER history_image_no_delete BEFORE DELETE ON history_image BEGIN SELECT RAISE(ABORT, 'history_image is append only'); END;
