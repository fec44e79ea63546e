package io.bitdelta.attestation.conformance;

import io.bitdelta.attestation.appraisal.Reason;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One line of a table.
 *
 * @param id its name
 * @param files evidence and endorsements, in the table's order, patterns resolved
 * @param at the time of the judgement
 * @param statedVerdict the table's own words
 * @param statedStatus the status word, or {@code -}
 * @param statedReasons the reasons that must be named
 */
public record ConformanceCase(
        String id, List<Path> files, Instant at, String statedVerdict, String statedStatus, Set<Reason> statedReasons) {
    /** Copies. */
    public ConformanceCase {
        files = List.copyOf(files);
        statedReasons = Set.copyOf(statedReasons);
    }

    /** Whether the table says that strict verification accepts. */
    public boolean accepts() {
        return statedVerdict.equals("ACCEPT");
    }
}
