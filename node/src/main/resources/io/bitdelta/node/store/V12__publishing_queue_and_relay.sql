-- Signed publications of identities that made one of the node's accounts their delegate: several go in one transaction.
create table publish_item (
  delta_id         text    primary key,
  lane             text    not null,
  identity         text    not null,
  base_hash        text    not null,
  delta_root       text    not null,
  manifest_digest  text    not null,
  receipt_hash     text    not null,
  epsilon_milli    integer not null,
  flags            integer not null,
  prev             text    not null,
  evidence_digest  text    not null,
  deadline         bigint  not null,
  signature        text    not null,
  not_after_s      bigint  not null,
  position         bigint  not null,
  state            text    not null,
  alone            integer not null,
  purpose          text,
  failure          text
);
create index publish_item_lane on publish_item (lane, state, position);
create index publish_item_purpose on publish_item (purpose);

-- What the node pays for others: reserved before a transaction is sent, exact once it is mined.
create table relay_charge (
  subject      text   primary key,
  principal    text   not null,
  at_s         bigint not null,
  wei          text   not null,
  settled      integer not null
);
create index relay_charge_at on relay_charge (at_s);
create index relay_charge_principal on relay_charge (principal, at_s);

-- Files that principals have sent: counted against their quota.
create table upload (
  principal  text   not null,
  cid        text   not null,
  bytes      bigint not null,
  at_s       bigint not null,
  primary key (principal, cid)
);
