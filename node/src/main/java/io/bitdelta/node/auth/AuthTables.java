package io.bitdelta.node.auth;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** Names of tables and columns; the meaning of each stands in the migration. */
final class AuthTables {
    static final Table<Record> SPENT_NONCE = table(name("spent_nonce"));
    static final Table<Record> API_KEY = table(name("api_key"));
    static final Table<Record> ACCESS_GRANT = table(name("access_grant"));

    static final Field<String> NONCE = field(name("nonce"), String.class);
    static final Field<Long> EXPIRES_AT_MS = field(name("expires_at_ms"), Long.class);

    static final Field<String> ID = field(name("id"), String.class);
    static final Field<String> KEY_HASH = field(name("key_hash"), String.class);
    static final Field<String> LABEL = field(name("label"), String.class);
    static final Field<String> IDENTITY = field(name("identity"), String.class);
    static final Field<String> SCOPES = field(name("scopes"), String.class);
    static final Field<Long> CREATED_AT_MS = field(name("created_at_ms"), Long.class);
    static final Field<Long> REVOKED_AT_MS = field(name("revoked_at_ms"), Long.class);

    static final Field<String> OWNER = field(name("owner"), String.class);
    static final Field<String> GRANTEE = field(name("grantee"), String.class);
    static final Field<String> SCOPE = field(name("scope"), String.class);
    static final Field<String> DELTA_ID = field(name("delta_id"), String.class);
    static final Field<Long> EXPIRES_AT_S = field(name("expires_at_s"), Long.class);
    static final Field<String> SIGNATURE = field(name("signature"), String.class);

    static final List<Field<?>> API_KEY_COLUMNS =
            List.of(ID, KEY_HASH, LABEL, IDENTITY, SCOPES, CREATED_AT_MS, EXPIRES_AT_MS, REVOKED_AT_MS);

    static final List<Field<?>> ACCESS_GRANT_COLUMNS =
            List.of(ID, OWNER, GRANTEE, SCOPE, DELTA_ID, EXPIRES_AT_S, REVOKED_AT_MS);

    private AuthTables() {}
}
