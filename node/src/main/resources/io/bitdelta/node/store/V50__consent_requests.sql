-- What the owners of a soup's members are asked to sign. A request without its row in consent is still open.
create table consent_request (
  soup_intent  text    not null references soup_plan (intent),
  delta_id     text    not null,
  identity     text    not null,
  soup_name    text    not null,
  terms_hash   text    not null,
  deadline     bigint  not null,
  primary key (soup_intent, delta_id)
);
create index consent_request_identity on consent_request (identity);
