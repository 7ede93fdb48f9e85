"""Units for other systems: Mahara SmartEvidence, Moodle competency frameworks, 1EdTech CASE 1.1.

What these systems have no place for (guidance, components, rules) stays here; our own TOML holds everything.
"""
