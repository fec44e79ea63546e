-- Row numbers, given out one transaction after the other whatever the database.
create table row_counter (
  counter  text   primary key,
  last     bigint not null
);
insert into row_counter (counter, last) select 'outbox', coalesce(max(id), 0) from outbox;
