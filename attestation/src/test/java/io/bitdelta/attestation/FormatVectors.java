package io.bitdelta.attestation;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.typed.DeltaStruct;
import io.bitdelta.attestation.typed.Eip712Domain;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The values that an independent script computed from the format's text. */
public final class FormatVectors {
    /** The vector's owner. */
    public static final EvmAddress IDENTITY = EvmAddress.of("0x" + "11".repeat(20));
    /** The vector's registry. */
    public static final EvmAddress REGISTRY = EvmAddress.of("0x" + "44".repeat(20));
    /** The vector's domain. */
    public static final Eip712Domain DOMAIN = new Eip712Domain("BitDeltaRegistry", 31337, REGISTRY);

    private FormatVectors() {}

    /** One 32-byte value. */
    public static Bytes32 value(String name) {
        try (InputStream in = FormatVectors.class.getResourceAsStream("/formats/vectors.json")) {
            JsonObject all = JsonObject.of("vectors", CanonicalJson.readAny(in.readAllBytes(), 1 << 16));
            return Bytes32.of("0x" + all.text(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** 32 equal bytes. */
    public static Bytes32 filled(int b) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) b);
        return Bytes32.of(bytes);
    }

    /** The vector's delta. */
    public static DeltaStruct delta() {
        return new DeltaStruct(
                IDENTITY, value("weightsHash_base"), value("deltaRoot"), filled(0x33), Bytes32.ZERO, 0, 1);
    }
}
