-- Nonces of logins that have been used; one row until the nonce would have expired anyway.
create table spent_nonce (
  nonce          text    primary key,
  expires_at_ms  bigint  not null
);
create index spent_nonce_expiry on spent_nonce (expires_at_ms);

-- API keys. Only the SHA-256 of a key is kept; the key itself is shown once.
create table api_key (
  id             text    primary key,
  key_hash       text    not null unique,
  label          text    not null,
  identity       text    not null,
  scopes         text    not null,
  created_at_ms  bigint  not null,
  expires_at_ms  bigint  not null,
  revoked_at_ms  bigint
);

-- Signed permissions of owners: a grantee may use a scope on an identity, or on one delta of it, until a time.
create table access_grant (
  id             text    primary key,
  owner          text    not null,
  grantee        text    not null,
  scope          text    not null,
  delta_id       text    not null,
  expires_at_s   bigint  not null,
  nonce          text    not null,
  signature      text    not null,
  revoked_at_ms  bigint,
  unique (owner, nonce)
);
create index access_grant_grantee on access_grant (grantee, owner);
