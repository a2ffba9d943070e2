"""An export of the ERP on its way to a file of postings: what it brings, what it lacks, what is to be said of it."""
