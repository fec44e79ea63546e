-- What manifests say that this node holds: a manifest's digest is its content, so no reorg makes a row wrong.
create table delta_manifest (
  manifest_digest  text   primary key,
  file_cid         text   not null,
  file_hash        text   not null,
  content_root     text   not null,
  file_bytes       bigint not null
);
create index delta_manifest_file_cid on delta_manifest (file_cid);
create index delta_manifest_file_hash on delta_manifest (file_hash);
create index delta_manifest_content_root on delta_manifest (content_root);
