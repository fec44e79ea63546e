-- The outbox: one row per intended transaction, written with its signed bytes before anything is broadcast.
create table signer (
  chain_id    bigint not null,
  address     text   not null,
  next_nonce  bigint not null,
  primary key (chain_id, address)
);
create table outbox (
  id            integer primary key,
  purpose       text    not null,
  round         integer not null,
  chain_id      bigint  not null,
  signer        text    not null,
  nonce         bigint  not null,
  recipient     text,
  calldata      text    not null,
  value_wei     text    not null,
  gas_limit     bigint  not null,
  state         text    not null,
  mined_hash    text,
  mined_block   bigint,
  block_hash    text,
  gas_used      bigint,
  failure       text,
  unique (purpose, round),
  unique (chain_id, signer, nonce)
);
create index outbox_state on outbox (state);

-- Every signed form of an intended transaction; replacements append, any of them may be mined.
create table attempt (
  hash              text    primary key,
  outbox_id         integer not null references outbox (id),
  ordinal           integer not null,
  signed_bytes      text    not null,
  max_fee_wei       text    not null,
  priority_fee_wei  text    not null,
  signed_at_ms      bigint  not null,
  unique (outbox_id, ordinal)
);

-- Inputs of a publication that must not change between attempts: times, nonces, salts, and once it is signed the digest of
-- the stored bundle with evidence and signature.
create table publication (
  intent      text    primary key,
  identity    text    not null,
  file_hash   text    not null,
  created_at  text    not null,
  salt        text    not null,
  challenge   text    not null,
  expiry      bigint  not null,
  prev        text    not null,
  deadline    bigint  not null,
  delta_id    text,
  evidence    text
);

-- Inputs of a soup that must not change between attempts, and the members' signed consents.
create table soup_plan (
  intent      text    primary key,
  member_ids  text    not null,
  created_at  text    not null,
  snapshot    bigint  not null,
  deadline    bigint  not null,
  soup_id     text
);
create table consent (
  soup_intent  text  not null references soup_plan (intent),
  delta_id     text  not null,
  signature    text  not null,
  primary key (soup_intent, delta_id)
);

-- Who is paid by soups that were proposed here: the leaves below their weights roots.
create table payee (
  soup_id      text    not null,
  payee_index  bigint  not null,
  identity     text    not null,
  start_e9     bigint  not null,
  end_e9       bigint  not null,
  primary key (soup_id, payee_index)
);
create index payee_identity on payee (identity);

-- The index: what the contracts' events say. Everything below can be rebuilt from the chain.
create table chain_cursor (
  chain_id  bigint primary key,
  registry  text   not null
);
create table chain_block (
  number       bigint primary key,
  hash         text   not null,
  parent_hash  text   not null,
  time_s       bigint not null
);
create table delta (
  delta_id         text   primary key,
  identity         text   not null,
  base_hash        text   not null,
  delta_root       text   not null,
  manifest_digest  text   not null,
  receipt_hash     text   not null,
  prev             text   not null,
  epsilon_milli    integer not null,
  flags            integer not null,
  evidence_digest  text   not null,
  block_number     bigint not null,
  log_index        integer not null,
  tx_hash          text   not null
);
create index delta_identity on delta (identity, block_number);
create index delta_base on delta (base_hash, block_number);
create index delta_root on delta (delta_root);
create table revocation (
  delta_id      text   not null,
  block_number  bigint not null,
  log_index     integer not null,
  tx_hash       text   not null,
  primary key (block_number, log_index)
);
create index revocation_delta on revocation (delta_id);
create table soup (
  soup_id          text   primary key,
  proposer         text   not null,
  base_hash        text   not null,
  members_root     text   not null,
  weights_root     text   not null,
  manifest_digest  text   not null,
  members          bigint not null,
  byzantine        bigint not null,
  payees           bigint not null,
  rule             integer not null,
  weights_rule     integer not null,
  block_number     bigint not null,
  log_index        integer not null,
  tx_hash          text   not null
);
create table soup_final (
  soup_id       text   not null,
  block_number  bigint not null,
  log_index     integer not null,
  tx_hash       text   not null,
  primary key (block_number, log_index)
);
create table payment (
  soup_id       text   not null,
  token         text   not null,
  payer         text   not null,
  amount        text   not null,
  received      text   not null,
  block_number  bigint not null,
  log_index     integer not null,
  tx_hash       text   not null,
  primary key (block_number, log_index)
);
create index payment_soup on payment (soup_id, token);
create table claim (
  soup_id       text   not null,
  token         text   not null,
  payee_index   bigint not null,
  identity      text   not null,
  recipient     text   not null,
  amount        text   not null,
  block_number  bigint not null,
  log_index     integer not null,
  tx_hash       text   not null,
  primary key (block_number, log_index)
);
create index claim_identity on claim (identity, token);
create table identity_event (
  identity      text   not null,
  kind          text   not null,
  name          text   not null,
  value         text   not null,
  valid_to_s    bigint,
  block_number  bigint not null,
  log_index     integer not null,
  tx_hash       text   not null,
  primary key (block_number, log_index)
);
create index identity_event_identity on identity_event (identity, block_number, log_index);
