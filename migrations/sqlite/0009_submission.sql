-- Nobody read how often a submission had changed.
ALTER TABLE submission DROP COLUMN revision;
