-- What a job continues: the trace of the request that asked for it (W3C traceparent); null for none.
alter table job add column traceparent text;
