-- The index, made anew: every event of every contract has a row, with the time of its block. All of it can be rebuilt from
-- the chain, so what an older version had read is dropped and read again.
drop table chain_cursor;
drop table chain_block;
drop table delta;
drop table revocation;
drop table soup;
drop table soup_final;
drop table payment;
drop table claim;
drop table identity_event;

-- How far one deployment on one chain is indexed, and whose events: a contract more, and everything is read again.
create table chain_cursor (
  chain_id  bigint primary key,
  registry  text   not null,
  follows   text   not null,
  height    bigint not null
);
-- The unfinalised blocks, linked by their parents' hashes, and the last block that was read.
create table chain_block (
  number       bigint primary key,
  hash         text   not null,
  parent_hash  text   not null,
  time_s       bigint not null
);

-- Registry.
create table delta (
  delta_id         text    not null,
  identity         text    not null,
  base_hash        text    not null,
  delta_root       text    not null,
  manifest_digest  text    not null,
  receipt_hash     text    not null,
  prev             text    not null,
  epsilon_milli    integer not null,
  flags            integer not null,
  evidence_digest  text    not null,
  block_number     bigint  not null,
  log_index        integer not null,
  tx_hash          text    not null,
  time_s           bigint  not null,
  primary key (block_number, log_index)
);
create unique index delta_delta_id on delta (delta_id);
create index delta_identity on delta (identity, block_number, log_index);
create index delta_base_hash on delta (base_hash, block_number, log_index);
create index delta_delta_root on delta (delta_root);
create index delta_manifest_digest on delta (manifest_digest);
create index delta_receipt_hash on delta (receipt_hash);
create index delta_evidence_digest on delta (evidence_digest);

create table revocation (
  delta_id      text    not null,
  identity      text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index revocation_delta_id on revocation (delta_id);

create table evidence_record (
  delta_id         text    not null,
  verifier         text    not null,
  flag             integer not null,
  evidence_digest  text    not null,
  block_number     bigint  not null,
  log_index        integer not null,
  tx_hash          text    not null,
  time_s           bigint  not null,
  primary key (block_number, log_index)
);
create index evidence_record_delta_id on evidence_record (delta_id);

create table base_claim (
  base_hash     text    not null,
  registrant    text    not null,
  name          text    not null,
  licence       text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index base_claim_base_hash on base_claim (base_hash);

create table privacy_cap (
  identity      text    not null,
  cap_milli     text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index privacy_cap_identity on privacy_cap (identity, block_number, log_index);

-- Identities: kind is owner, delegate or attribute; name and value are 0x-hex, a delegate's name is its type.
create table identity_event (
  identity         text    not null,
  kind             text    not null,
  name             text    not null,
  value            text    not null,
  valid_to_s       bigint,
  previous_change  text    not null,
  block_number     bigint  not null,
  log_index        integer not null,
  tx_hash          text    not null,
  time_s           bigint  not null,
  primary key (block_number, log_index)
);
create index identity_event_identity on identity_event (identity, block_number, log_index);

-- Soups and their disputes.
create table soup (
  soup_id            text    not null,
  proposer           text    not null,
  base_hash          text    not null,
  layout_hash        text    not null,
  members_root       text    not null,
  signs_root         text    not null,
  abstain_root       text    not null,
  scales_root        text    not null,
  weights_root       text    not null,
  manifest_digest    text    not null,
  members            bigint  not null,
  byzantine          bigint  not null,
  payees             bigint  not null,
  n_signs            bigint  not null,
  n_scales           bigint  not null,
  epsilon_cap_milli  integer not null,
  rule               integer not null,
  weights_rule       integer not null,
  required_flags     integer not null,
  snapshot           bigint  not null,
  closes_at_s        bigint  not null,
  bond               text    not null,
  block_number       bigint  not null,
  log_index          integer not null,
  tx_hash            text    not null,
  time_s             bigint  not null,
  primary key (block_number, log_index)
);
create unique index soup_soup_id on soup (soup_id);
create index soup_proposer on soup (proposer, block_number, log_index);
create index soup_base_hash on soup (base_hash, block_number, log_index);
create index soup_manifest_digest on soup (manifest_digest);

create table soup_final (
  soup_id       text    not null,
  weights_root  text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index soup_final_soup_id on soup_final (soup_id);

-- kind is given or withdrawn.
create table consent_event (
  delta_id      text    not null,
  terms_hash    text    not null,
  identity      text    not null,
  kind          text    not null,
  deadline_s    bigint,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index consent_event_delta_id on consent_event (delta_id);
create index consent_event_identity on consent_event (identity);

-- A challenge: somebody demands a part of a soup.
create table demand (
  soup_id       text    not null,
  case_id       text    not null,
  challenger    text    not null,
  kind          integer not null,
  tree          integer not null,
  place         text    not null,
  position      text    not null,
  deadline_s    bigint  not null,
  bond          text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index demand_soup_id on demand (soup_id);
create index demand_challenger on demand (challenger);

create table demand_answer (
  soup_id        text    not null,
  case_id        text    not null,
  words_root     text    not null,
  rebut_until_s  bigint  not null,
  block_number   bigint  not null,
  log_index      integer not null,
  tx_hash        text    not null,
  time_s         bigint  not null,
  primary key (block_number, log_index)
);
create index demand_answer_soup_id on demand_answer (soup_id);

-- kind is held (the proposer was right) or refunded (the challenger got the bond back).
create table demand_end (
  soup_id       text    not null,
  case_id       text    not null,
  kind          text    not null,
  account       text    not null,
  amount        text    not null,
  burnt         text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index demand_end_soup_id on demand_end (soup_id);

create table slash (
  soup_id        text    not null,
  challenger     text    not null,
  reason         text    not null,
  to_challenger  text    not null,
  burnt          text    not null,
  block_number   bigint  not null,
  log_index      integer not null,
  tx_hash        text    not null,
  time_s         bigint  not null,
  primary key (block_number, log_index)
);
create index slash_soup_id on slash (soup_id);

create table bond_withdrawal (
  account       text    not null,
  amount        text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index bond_withdrawal_account on bond_withdrawal (account);

-- Royalties; amounts are decimal integers of the token's smallest unit.
create table royalty_opening (
  soup_id       text    not null,
  weights_root  text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index royalty_opening_soup_id on royalty_opening (soup_id);

create table payment (
  soup_id       text    not null,
  token         text    not null,
  payer         text    not null,
  amount        text    not null,
  received      text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index payment_soup_id on payment (soup_id, token);
create index payment_payer on payment (payer);

create table claim (
  soup_id       text    not null,
  token         text    not null,
  payee_index   bigint  not null,
  identity      text    not null,
  recipient     text    not null,
  amount        text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index claim_identity on claim (identity, token);
create index claim_soup_id on claim (soup_id);

-- A soup draws what another soup, which it is a member of, owes it.
create table pull (
  child         text    not null,
  token         text    not null,
  payee_index   bigint  not null,
  parent        text    not null,
  amount        text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index pull_child on pull (child, token);
create index pull_parent on pull (parent);

-- kind is deposited, requested or withdrawn.
create table escrow_event (
  payer         text    not null,
  token         text    not null,
  kind          text    not null,
  amount        text    not null,
  not_before_s  bigint,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index escrow_event_payer on escrow_event (payer, token);

create table voucher_settlement (
  soup_id       text    not null,
  token         text    not null,
  payer         text    not null,
  cumulative    text    not null,
  amount        text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index voucher_settlement_soup_id on voucher_settlement (soup_id, token);
create index voucher_settlement_payer on voucher_settlement (payer);

create table voucher_skip (
  place         text    not null,
  payer         text    not null,
  reason        integer not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index voucher_skip_payer on voucher_skip (payer);

-- Training ledger.
create table ledger_fork (
  fork_id       text    not null,
  identity      text    not null,
  base_hash     text    not null,
  nonce         text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create unique index ledger_fork_fork_id on ledger_fork (fork_id);
create index ledger_fork_identity on ledger_fork (identity, block_number, log_index);

create table ledger_epoch (
  fork_id       text    not null,
  identity      text    not null,
  epoch         bigint  not null,
  root          text    not null,
  first_op_id   text    not null,
  last_op_id    text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index ledger_epoch_fork_id on ledger_epoch (fork_id, epoch);
create index ledger_epoch_identity on ledger_epoch (identity, block_number, log_index);

create table ledger_export (
  fork_id          text    not null,
  identity         text    not null,
  manifest_digest  text    not null,
  block_number     bigint  not null,
  log_index        integer not null,
  tx_hash          text    not null,
  time_s           bigint  not null,
  primary key (block_number, log_index)
);
create index ledger_export_fork_id on ledger_export (fork_id);

-- Who may change what: ownership, guardians, verifiers, operators, timelock. arguments is a JSON object.
create table governance_event (
  contract      text    not null,
  event         text    not null,
  subject       text    not null,
  arguments     text    not null,
  block_number  bigint  not null,
  log_index     integer not null,
  tx_hash       text    not null,
  time_s        bigint  not null,
  primary key (block_number, log_index)
);
create index governance_event_contract on governance_event (contract);
