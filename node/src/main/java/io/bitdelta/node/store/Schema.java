package io.bitdelta.node.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** Names of tables and columns, typed; the meaning of each stands in the migration. */
public final class Schema {
    /** Next free nonce of each signing account. */
    public static final Table<Record> SIGNER = table(name("signer"));

    public static final Table<Record> OUTBOX = table(name("outbox"));
    public static final Table<Record> ATTEMPT = table(name("attempt"));
    public static final Table<Record> PUBLICATION = table(name("publication"));
    public static final Table<Record> SOUP_PLAN = table(name("soup_plan"));
    public static final Table<Record> CONSENT = table(name("consent"));
    public static final Table<Record> PAYEE = table(name("payee"));
    public static final Table<Record> CHAIN_CURSOR = table(name("chain_cursor"));
    public static final Table<Record> CHAIN_BLOCK = table(name("chain_block"));
    public static final Table<Record> DELTA = table(name("delta"));
    public static final Table<Record> REVOCATION = table(name("revocation"));
    public static final Table<Record> SOUP = table(name("soup"));
    public static final Table<Record> SOUP_FINAL = table(name("soup_final"));
    public static final Table<Record> PAYMENT = table(name("payment"));
    public static final Table<Record> CLAIM = table(name("claim"));
    public static final Table<Record> IDENTITY_EVENT = table(name("identity_event"));

    public static final Field<Long> CHAIN_ID = number("chain_id");
    public static final Field<String> ADDRESS = text("address");
    public static final Field<Long> NEXT_NONCE = number("next_nonce");

    public static final Field<Long> ID = number("id");
    public static final Field<String> PURPOSE = text("purpose");
    public static final Field<Integer> ROUND = small("round");
    public static final Field<String> SIGNER_ADDRESS = text("signer");
    public static final Field<Long> TX_NONCE = number("nonce");
    public static final Field<String> RECIPIENT = text("recipient");
    public static final Field<String> CALLDATA = text("calldata");
    public static final Field<String> VALUE_WEI = text("value_wei");
    public static final Field<Long> GAS_LIMIT = number("gas_limit");
    public static final Field<String> STATE = text("state");
    public static final Field<String> MINED_HASH = text("mined_hash");
    public static final Field<Long> MINED_BLOCK = number("mined_block");
    public static final Field<String> BLOCK_HASH = text("block_hash");
    public static final Field<Long> GAS_USED = number("gas_used");
    public static final Field<String> FAILURE = text("failure");

    public static final Field<Long> OUTBOX_ID = number("outbox_id");
    public static final Field<Integer> ORDINAL = small("ordinal");
    public static final Field<String> SIGNED_BYTES = text("signed_bytes");
    public static final Field<String> MAX_FEE_WEI = text("max_fee_wei");
    public static final Field<String> PRIORITY_FEE_WEI = text("priority_fee_wei");
    public static final Field<Long> SIGNED_AT_MS = number("signed_at_ms");
    public static final Field<String> HASH = text("hash");

    public static final Field<String> INTENT = text("intent");
    public static final Field<String> IDENTITY = text("identity");
    public static final Field<String> FILE_HASH = text("file_hash");
    public static final Field<String> CREATED_AT = text("created_at");
    public static final Field<String> SALT = text("salt");
    public static final Field<String> CHALLENGE = text("challenge");
    public static final Field<Long> EXPIRY = number("expiry");
    public static final Field<String> PREV = text("prev");
    public static final Field<Long> DEADLINE = number("deadline");
    public static final Field<String> DELTA_ID = text("delta_id");
    public static final Field<String> EVIDENCE = text("evidence");
    public static final Field<String> SIGNATURE = text("signature");

    public static final Field<String> MEMBER_IDS = text("member_ids");
    public static final Field<Long> SNAPSHOT = number("snapshot");
    public static final Field<String> SOUP_ID = text("soup_id");
    public static final Field<String> SOUP_INTENT = text("soup_intent");

    public static final Field<String> REGISTRY = text("registry");
    public static final Field<Long> NUMBER = number("number");
    public static final Field<String> PARENT_HASH = text("parent_hash");
    public static final Field<Long> TIME_S = number("time_s");
    public static final Field<Long> BLOCK_NUMBER = number("block_number");
    public static final Field<Integer> LOG_INDEX = small("log_index");
    public static final Field<String> TX_HASH = text("tx_hash");

    public static final Field<String> BASE_HASH = text("base_hash");
    public static final Field<String> DELTA_ROOT = text("delta_root");
    public static final Field<String> MANIFEST_DIGEST = text("manifest_digest");
    public static final Field<String> RECEIPT_HASH = text("receipt_hash");
    public static final Field<Integer> EPSILON_MILLI = small("epsilon_milli");
    public static final Field<Integer> FLAGS = small("flags");
    public static final Field<String> EVIDENCE_DIGEST = text("evidence_digest");

    public static final Field<String> PROPOSER = text("proposer");
    public static final Field<String> MEMBERS_ROOT = text("members_root");
    public static final Field<String> WEIGHTS_ROOT = text("weights_root");
    public static final Field<Long> MEMBERS = number("members");
    public static final Field<Long> BYZANTINE = number("byzantine");
    public static final Field<Long> PAYEES = number("payees");
    public static final Field<Integer> RULE = small("rule");
    public static final Field<Integer> WEIGHTS_RULE = small("weights_rule");

    public static final Field<String> TOKEN = text("token");
    public static final Field<String> PAYER = text("payer");
    public static final Field<String> AMOUNT = text("amount");
    public static final Field<String> RECEIVED = text("received");
    public static final Field<Long> PAYEE_INDEX = number("payee_index");

    public static final Field<Long> START_E9 = number("start_e9");
    public static final Field<Long> END_E9 = number("end_e9");

    public static final Field<String> KIND = text("kind");
    public static final Field<String> NAME = text("name");
    public static final Field<String> VALUE = text("value");
    public static final Field<Long> VALID_TO_S = number("valid_to_s");

    /** The columns of {@link #PUBLICATION}, typed: a bare asterisk would leave the types to the driver. */
    public static final List<Field<?>> PUBLICATION_COLUMNS = List.of(
            INTENT, IDENTITY, FILE_HASH, CREATED_AT, SALT, CHALLENGE, EXPIRY, PREV, DEADLINE, DELTA_ID, EVIDENCE);

    /** The columns of {@link #SOUP_PLAN}, typed: a bare asterisk would leave the types to the driver. */
    public static final List<Field<?>> SOUP_PLAN_COLUMNS =
            List.of(INTENT, MEMBER_IDS, CREATED_AT, SNAPSHOT, DEADLINE, SOUP_ID);

    /** The columns of {@link #PAYEE}, typed: a bare asterisk would leave the types to the driver. */
    public static final List<Field<?>> PAYEE_COLUMNS = List.of(SOUP_ID, PAYEE_INDEX, IDENTITY, START_E9, END_E9);

    /** The columns of {@link #CHAIN_BLOCK}, typed: a bare asterisk would leave the types to the driver. */
    public static final List<Field<?>> CHAIN_BLOCK_COLUMNS = List.of(NUMBER, HASH, PARENT_HASH, TIME_S);

    /** The columns of {@link #DELTA}, typed: a bare asterisk would leave the types to the driver. */
    public static final List<Field<?>> DELTA_COLUMNS = List.of(
            DELTA_ID,
            IDENTITY,
            BASE_HASH,
            DELTA_ROOT,
            MANIFEST_DIGEST,
            RECEIPT_HASH,
            PREV,
            EPSILON_MILLI,
            FLAGS,
            EVIDENCE_DIGEST,
            BLOCK_NUMBER,
            LOG_INDEX,
            TX_HASH,
            TIME_S);

    private Schema() {}

    private static Field<String> text(String column) {
        return field(name(column), String.class);
    }

    private static Field<Long> number(String column) {
        return field(name(column), Long.class);
    }

    private static Field<Integer> small(String column) {
        return field(name(column), Integer.class);
    }
}
