package io.bitdelta.node.did;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.DidSyntaxException;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.store.Database;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Resolves {@code did:lux} identifiers by the rules of W3C DID Resolution, from the index alone.
 *
 * <p>A version is what holds after a block that changed the identity; its id is the block's number, and 0 is the version that
 * every account has from the beginning. A delegate or attribute that ends by itself leaves the document without a new
 * version.
 */
public final class DidResolver {
    private static final Pattern ANY_DID =
            Pattern.compile("did:([a-z0-9]+):((?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2}))");
    private static final int MOST_CHARACTERS = 2048;
    private static final String METHOD = "lux";

    private final IdentityHistory history;
    private final long chainId;
    private final Clock clock;

    /**
     * @param database that the indexer writes
     * @param chainId of the indexed chain
     */
    public DidResolver(Database database, long chainId, Clock clock) {
        this.history = new IdentityHistory(database);
        this.chainId = chainId;
        this.clock = clock;
    }

    /** How every canonical DID of the chain begins; the address follows. */
    public String prefix() {
        return "did:%s:%d:".formatted(METHOD, chainId);
    }

    /** The newest version. */
    public DidResolution resolve(String did) {
        return resolve(did, Optional.empty(), Optional.empty());
    }

    /**
     * Resolves.
     *
     * @param did any text
     * @param versionId a version's id, exclusive with {@code versionTime}
     * @param versionTime an RFC 3339 time: the version that held then
     */
    public DidResolution resolve(String did, Optional<String> versionId, Optional<String> versionTime) {
        if (did.length() > MOST_CHARACTERS || !ANY_DID.matcher(did).matches()) {
            return new DidResolution.Failed(
                    DidErrorKind.INVALID_DID,
                    "not a DID: did:<method>:<identifier> is needed, of at most " + MOST_CHARACTERS + " characters");
        }
        if (!did.startsWith("did:" + METHOD + ":")) {
            return new DidResolution.Failed(
                    DidErrorKind.METHOD_NOT_SUPPORTED, "this resolver knows the method did:" + METHOD + " only");
        }
        LuxDid subject;
        try {
            subject = LuxDid.parse(did);
        } catch (DidSyntaxException malformed) {
            return new DidResolution.Failed(DidErrorKind.INVALID_DID, String.valueOf(malformed.getMessage()));
        }
        if (subject.chainId() != chainId) {
            return new DidResolution.Failed(
                    DidErrorKind.NOT_FOUND,
                    "this node follows chain %d, not chain %d".formatted(chainId, subject.chainId()));
        }
        if (versionId.isPresent() && versionTime.isPresent()) {
            return new DidResolution.Failed(
                    DidErrorKind.INVALID_OPTIONS, "versionId and versionTime: give one of them");
        }
        return version(did, subject, versionId, versionTime);
    }

    private DidResolution version(String asked, LuxDid did, Optional<String> versionId, Optional<String> versionTime) {
        IdentityHistory.Known known = history.of(did.address());
        List<IdentityEvent> events = known.events();
        int included;
        long validAt;
        boolean now = versionId.isEmpty() && versionTime.isEmpty();
        if (versionId.isPresent()) {
            Optional<Integer> found = upToVersion(events, versionId.get());
            if (found.isEmpty()) {
                return new DidResolution.Failed(
                        DidErrorKind.NOT_FOUND, "there is no version %s of %s".formatted(cut(versionId.get()), did));
            }
            included = found.get();
            validAt = included == 0 ? 0 : events.get(included - 1).time();
        } else if (versionTime.isPresent()) {
            Optional<Instant> time = time(versionTime.get());
            if (time.isEmpty()) {
                return new DidResolution.Failed(
                        DidErrorKind.INVALID_OPTIONS,
                        "versionTime: not a time like 2026-11-20T20:00:00Z: " + cut(versionTime.get()));
            }
            validAt = time.get().getEpochSecond();
            long until = validAt;
            included = (int)
                    events.stream().takeWhile(event -> event.time() <= until).count();
        } else {
            included = events.size();
            validAt = Math.max(known.chainTime(), clock.instant().getEpochSecond());
        }
        IdentityState state = IdentityState.after(did.address(), events.subList(0, included), validAt);
        Map<String, Object> metadata = metadata(asked, did, events, included, state);
        Optional<EvmAddress> owner = state.owner();
        return new DidResolution.Resolved(
                owner.isPresent() ? DidDocuments.of(did, owner.get(), state) : DidDocuments.deactivated(did),
                metadata,
                now ? state.goodUntil() : Long.MAX_VALUE);
    }

    /** How many events a version includes; a version is a whole block. */
    private static Optional<Integer> upToVersion(List<IdentityEvent> events, String versionId) {
        if (versionId.equals("0")) {
            return Optional.of(0);
        }
        int included = 0;
        for (int i = 0; i < events.size(); i++) {
            if (Long.toString(events.get(i).block()).equals(versionId)) {
                included = i + 1;
            }
        }
        return included == 0 ? Optional.empty() : Optional.of(included);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }

    private static Map<String, Object> metadata(
            String asked, LuxDid did, List<IdentityEvent> events, int included, IdentityState state) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        if (included > 0) {
            metadata.put("created", text(events.getFirst().time()));
            metadata.put("updated", text(events.get(included - 1).time()));
            metadata.put("versionId", Long.toString(events.get(included - 1).block()));
        } else {
            metadata.put("versionId", "0");
        }
        if (included < events.size()) {
            metadata.put("nextUpdate", text(events.get(included).time()));
            metadata.put("nextVersionId", Long.toString(events.get(included).block()));
        }
        metadata.put("deactivated", state.owner().isEmpty());
        if (!asked.equals(did.toString())) {
            metadata.put("canonicalId", did.toString());
        }
        return metadata;
    }

    private static String text(long seconds) {
        return Instant.ofEpochSecond(seconds).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String cut(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }
}
