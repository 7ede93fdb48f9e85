"""Parts of pages that know nothing of the portfolio: values go in, signals come out."""
