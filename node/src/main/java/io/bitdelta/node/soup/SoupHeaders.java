package io.bitdelta.node.soup;

import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.SoupHeader;
import java.math.BigInteger;

/** A soup's header as the contract's bindings have it, and back. */
public final class SoupHeaders {
    private SoupHeaders() {}

    /** For calls. */
    public static DeltaSoups.Header struct(SoupHeader header) {
        return new DeltaSoups.Header(
                header.baseHash().bytes(),
                header.layoutHash().bytes(),
                header.membersRoot().bytes(),
                header.signsRoot().bytes(),
                header.abstainRoot().bytes(),
                header.scalesRoot().bytes(),
                header.weightsRoot().bytes(),
                header.manifestDigest().bytes(),
                BigInteger.valueOf(header.members()),
                BigInteger.valueOf(header.byzantine()),
                BigInteger.valueOf(header.payees()),
                BigInteger.valueOf(header.nSigns()),
                BigInteger.valueOf(header.nScales()),
                BigInteger.valueOf(header.epsilonCapMilli()),
                BigInteger.valueOf(header.rule()),
                BigInteger.valueOf(header.weightsRule()),
                BigInteger.valueOf(header.requiredFlags()),
                BigInteger.valueOf(header.snapshot()));
    }

    /** From an event. */
    public static SoupHeader header(DeltaSoups.Header struct) {
        return new SoupHeader(
                Hash32.of(struct.baseHash),
                Hash32.of(struct.layoutHash),
                Hash32.of(struct.membersRoot),
                Hash32.of(struct.signsRoot),
                Hash32.of(struct.abstainRoot),
                Hash32.of(struct.scalesRoot),
                Hash32.of(struct.weightsRoot),
                Hash32.of(struct.manifestDigest),
                struct.members.longValueExact(),
                struct.byzantine.longValueExact(),
                struct.payees.longValueExact(),
                struct.nSigns.longValueExact(),
                struct.nScales.longValueExact(),
                struct.epsilonCapMilli.intValueExact(),
                struct.rule.intValueExact(),
                struct.weightsRule.intValueExact(),
                struct.requiredFlags.intValueExact(),
                struct.snapshot.longValueExact());
    }
}
