-- Weights of soups, checked against their weights root when they were read. A soup's id commits to them, so a reorg cannot
-- make them wrong.
create table soup_weight (
  soup_id   text    not null,
  leaf      bigint  not null,
  kind      integer not null,
  who       text    not null,
  start_e9  bigint  not null,
  end_e9    bigint  not null,
  primary key (soup_id, leaf)
);
create index soup_weight_who on soup_weight (who);

-- What tokens say of themselves; neither changes.
create table token (
  address   text    primary key,
  decimals  integer not null,
  symbol    text    not null
);

-- One row for each payer and token: whoever meters or stores a voucher updates it first, which serialises the payer.
create table payer_account (
  payer    text   not null,
  token    text   not null,
  changes  bigint not null,
  primary key (payer, token)
);

-- What a payer owes to a soup for metered use: the sum of its records.
create table usage_channel (
  soup_id  text   not null,
  token    text   not null,
  payer    text   not null,
  records  bigint not null,
  metered  text   not null,
  primary key (soup_id, token, payer)
);

-- Metered use, append-only. One request is metered once for each payer.
create table usage_record (
  payer          text   not null,
  request_id     text   not null,
  soup_id        text   not null,
  token          text   not null,
  ordinal        bigint not null,
  principal      text   not null,
  delta_id       text   not null,
  units          bigint not null,
  unit_price     text   not null,
  amount         text   not null,
  metered_after  text   not null,
  used_at_s      bigint not null,
  primary key (payer, request_id),
  unique (soup_id, token, payer, ordinal)
);

-- Signed vouchers, stored before anybody sees them; cumulative amounts rise with the ordinal.
create table voucher (
  soup_id      text   not null,
  token        text   not null,
  payer        text   not null,
  ordinal      bigint not null,
  cumulative   text   not null,
  expiry       bigint not null,
  signature    text   not null,
  stored_at_s  bigint not null,
  primary key (soup_id, token, payer, ordinal)
);
