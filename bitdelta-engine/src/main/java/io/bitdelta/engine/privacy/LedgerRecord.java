package io.bitdelta.engine.privacy;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.CanonicalJson;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One line of a ledger.
 *
 * @param kind what it does
 * @param run the run it is about; empty text for a cap
 * @param amount the cap, the reservation, or what a run has really spent
 * @param previous SHA-256 of the line before, zero in the first
 */
record LedgerRecord(Kind kind, String run, BudgetLedger.Amount amount, Hash32 previous) {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    /** What a line does. */
    enum Kind {
        /** Sets the budget, or lowers it. */
        CAP("cap"),
        /** Charges a run before it starts. */
        RESERVE("reserve"),
        /** Replaces a run's reservation by what it spent, which is no more. */
        SETTLE("settle");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        static Optional<Kind> parse(String text) {
            for (Kind kind : values()) {
                if (kind.text.equals(text)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    /** The canonical text, without the line's end. */
    String line() {
        return CanonicalJson.of(Map.of(
                "deltaE18",
                amount.deltaE18(),
                "epsilonMilli",
                amount.epsilonMilli(),
                "kind",
                kind.text,
                "previous",
                previous.hex(),
                "run",
                run));
    }

    /** Reads a line; empty unless it is the canonical text of a record. */
    static Optional<LedgerRecord> parse(String line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            Optional<Kind> kind = Kind.parse(json.path("kind").asString(""));
            if (kind.isEmpty()
                    || !json.path("epsilonMilli").canConvertToLong()
                    || !json.path("deltaE18").canConvertToLong()) {
                return Optional.empty();
            }
            LedgerRecord read = new LedgerRecord(
                    kind.get(),
                    json.path("run").asString(""),
                    new BudgetLedger.Amount(
                            json.path("epsilonMilli").longValue(),
                            json.path("deltaE18").longValue()),
                    Hash32.ofHex(json.path("previous").asString("")));
            return read.line().equals(line) ? Optional.of(read) : Optional.empty();
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
