package io.bitdelta.node.jobs;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** Names of tables and columns; the meaning of each stands in the migration. */
final class JobTables {
    static final Table<Record> JOB = table(name("job"));
    static final Table<Record> JOB_EVENT = table(name("job_event"));
    static final Table<Record> SCHEDULED = table(name("scheduled_tasks"));

    static final Field<String> ID = field(name("id"), String.class);
    static final Field<String> KIND = field(name("kind"), String.class);
    static final Field<String> PRINCIPAL = field(name("principal"), String.class);
    static final Field<String> IDEMPOTENCY_KEY = field(name("idempotency_key"), String.class);
    static final Field<String> REQUEST_HASH = field(name("request_hash"), String.class);
    static final Field<String> INPUT = field(name("input"), String.class);
    static final Field<String> STATE = field(name("state"), String.class);
    static final Field<String> WAITING_FOR = field(name("waiting_for"), String.class);
    static final Field<String> PROBLEM = field(name("problem"), String.class);
    static final Field<@Nullable String> TRACEPARENT = field(name("traceparent"), String.class);
    static final Field<Integer> LAST_SEQ = field(name("last_seq"), Integer.class);
    static final Field<Long> CREATED_AT_MS = field(name("created_at_ms"), Long.class);
    static final Field<Long> UPDATED_AT_MS = field(name("updated_at_ms"), Long.class);

    static final Field<String> JOB_ID = field(name("job_id"), String.class);
    static final Field<Integer> SEQ = field(name("seq"), Integer.class);
    static final Field<String> EVENT_NAME = field(name("name"), String.class);
    static final Field<String> DETAIL = field(name("detail"), String.class);
    static final Field<Long> AT_MS = field(name("at_ms"), Long.class);

    static final Field<String> TASK_NAME = field(name("task_name"), String.class);
    static final Field<String> TASK_INSTANCE = field(name("task_instance"), String.class);

    static final List<Field<?>> JOB_COLUMNS = List.of(
            ID,
            KIND,
            PRINCIPAL,
            REQUEST_HASH,
            INPUT,
            STATE,
            WAITING_FOR,
            PROBLEM,
            LAST_SEQ,
            CREATED_AT_MS,
            UPDATED_AT_MS);
    static final List<Field<?>> EVENT_COLUMNS = List.of(SEQ, EVENT_NAME, DETAIL, AT_MS);

    private JobTables() {}
}
