package io.bitdelta.node.lookup;

import io.bitdelta.attestation.bytes.HexText;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Array;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.BytesType;
import org.web3j.abi.datatypes.NumericType;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.protocol.core.methods.response.Log;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which row an event becomes: the table, the column of each argument, and columns that say the same for every such event.
 *
 * @param event the event
 * @param table the table's name
 * @param columns column by argument name; every argument has one, see {@link EventCatalogue}
 * @param constants column values of every row
 */
record EventRow(AbiEvent event, String table, Map<String, Column> columns, Map<String, String> constants) {
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    /** How an argument is kept. */
    enum Form {
        /** Addresses and bytes as lowercase 0x-hex, integers as decimals, text as it is. */
        TEXT,
        /** A number that fits a column: counts as they are, later times than a column holds as the latest. */
        NUMBER,
    }

    /** Where an argument goes. */
    record Column(String name, Form form) {}

    EventRow {
        columns = Map.copyOf(columns);
        constants = Map.copyOf(constants);
    }

    /** Whether the event is kept as one JSON object instead of a column for each argument. */
    boolean whole() {
        return columns.isEmpty();
    }

    /** The row of a log: its columns' values by name, without the place in the chain. */
    Map<String, Object> values(Log log) {
        Map<String, Object> values = new LinkedHashMap<>();
        event.decode(log).forEach((argument, value) -> {
            Column column = columns.get(argument);
            if (column != null) {
                values.put(column.name(), column.form() == Form.NUMBER ? number(value) : text(value));
            }
        });
        values.putAll(constants);
        return values;
    }

    /** Columns in the order in which every row of this event gives its values. */
    List<Field<?>> fields() {
        Map<String, Field<?>> fields = new LinkedHashMap<>();
        event.parameters().forEach(parameter -> {
            Column column = columns.get(parameter.name());
            if (column != null) {
                Class<?> type = column.form() == Form.NUMBER ? Long.class : String.class;
                fields.put(column.name(), DSL.field(DSL.name(column.name()), type));
            }
        });
        constants.keySet().forEach(name -> fields.put(name, DSL.field(DSL.name(name), String.class)));
        return List.copyOf(fields.values());
    }

    private static long number(Type<?> value) {
        return ((NumericType) value).getValue().min(MOST).longValueExact();
    }

    /** Text that every database takes: a text column of PostgreSQL holds no NUL, and anybody may emit one. */
    static String text(Type<?> value) {
        return switch (value) {
            case Address address -> address.getValue().toLowerCase(Locale.ROOT);
            case NumericType number -> number.getValue().toString();
            case BytesType bytes -> HexText.of(bytes.getValue());
            case Bool bool -> bool.getValue() ? "1" : "0";
            case Utf8String string -> string.getValue().replace('\u0000', '\uFFFD');
            case Array<?> array ->
                JsonMapper.shared()
                        .writeValueAsString(
                                array.getValue().stream().map(EventRow::text).toList());
            default -> throw new IllegalStateException("no column holds a " + value.getTypeAsString());
        };
    }
}
