package io.bitdelta.engine.soup;

import io.bitdelta.engine.commit.AbiWords;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Tags;

/** The terms that a member consents to (FORMATS section 6). */
public final class Terms {
    private Terms() {}

    /** {@code H(E(T("terms"), baseHash, rule, weightsRule, epsilonCapMilli, requiredFlags))}. */
    public static Hash32 hash(Hash32 baseHash, int rule, int weightsRule, int epsilonCapMilli, int requiredFlags) {
        return new AbiWords()
                .bytes32(Tags.tag("terms"))
                .bytes32(baseHash)
                .uint(rule)
                .uint(weightsRule)
                .uint(epsilonCapMilli)
                .uint(requiredFlags)
                .hash();
    }
}
