-- An intent may wait for fees to fall before it has a signer and a nonce; it may name who signs, and until when.
create table outbox_next (
  id             bigint  primary key,
  purpose        text    not null,
  round          integer not null,
  chain_id       bigint  not null,
  sender         text    not null,
  signer         text,
  nonce          bigint,
  recipient      text,
  calldata       text    not null,
  value_wei      text    not null,
  gas_limit      bigint  not null,
  not_after_s    bigint  not null,
  state          text    not null,
  mined_hash     text,
  mined_block    bigint,
  block_hash     text,
  gas_used       bigint,
  price_wei      text,
  failure        text,
  unique (chain_id, purpose, round),
  unique (chain_id, signer, nonce)
);
insert into outbox_next (id, purpose, round, chain_id, sender, signer, nonce, recipient, calldata, value_wei, gas_limit,
                         not_after_s, state, mined_hash, mined_block, block_hash, gas_used, failure)
  select id, purpose, round, chain_id, signer, signer, nonce, recipient, calldata, value_wei, gas_limit,
         9223372036854775807, state, mined_hash, mined_block, block_hash, gas_used, failure
  from outbox;

-- An attempt is the call itself, or a cancellation: an empty transaction with the same nonce.
create table attempt_next (
  hash              text    primary key,
  outbox_id         bigint  not null references outbox_next (id),
  ordinal           integer not null,
  cancels           integer not null,
  signed_bytes      text    not null,
  max_fee_wei       text    not null,
  priority_fee_wei  text    not null,
  signed_at_ms      bigint  not null,
  unique (outbox_id, ordinal)
);
insert into attempt_next (hash, outbox_id, ordinal, cancels, signed_bytes, max_fee_wei, priority_fee_wei, signed_at_ms)
  select hash, outbox_id, ordinal, 0, signed_bytes, max_fee_wei, priority_fee_wei, signed_at_ms from attempt;

drop table attempt;
drop table outbox;
alter table outbox_next rename to outbox;
alter table attempt_next rename to attempt;
create index outbox_open on outbox (chain_id, state);
create index outbox_signer on outbox (chain_id, signer, state);
