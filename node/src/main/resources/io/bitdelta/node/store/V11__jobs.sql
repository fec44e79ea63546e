-- Work that outlives a request: who asked for what, and every intermediate result.
create table job (
  id               text    primary key,
  kind             text    not null,
  principal        text    not null,
  idempotency_key  text,
  request_hash     text    not null,
  input            text    not null,
  state            text    not null,
  waiting_for      text    not null,
  problem          text,
  last_seq         integer not null,
  created_at_ms    bigint  not null,
  updated_at_ms    bigint  not null,
  unique (principal, idempotency_key)
);
create index job_principal on job (principal, created_at_ms);
create index job_state on job (state, updated_at_ms);

-- What happened to a job, in order: named steps with their results, and changes of its state.
create table job_event (
  job_id  text    not null references job (id),
  seq     integer not null,
  name    text    not null,
  detail  text    not null,
  at_ms   bigint  not null,
  primary key (job_id, seq)
);

-- The scheduler's own table; its layout is the library's.
create table scheduled_tasks (
  task_name             text        not null,
  task_instance         text        not null,
  task_data             bytea,
  execution_time        timestamptz not null,
  picked                boolean     not null,
  picked_by             text,
  last_success          timestamptz,
  last_failure          timestamptz,
  consecutive_failures  integer,
  last_heartbeat        timestamptz,
  version               bigint      not null,
  priority              smallint,
  primary key (task_name, task_instance)
);
create index scheduled_tasks_execution on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);
