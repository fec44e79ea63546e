package io.bitdelta.attestation.evidence.nvidia;

import io.bitdelta.attestation.bytes.ByteReader;
import io.bitdelta.attestation.bytes.TruncatedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An SPDM 1.1 measurement report: the request of 37 bytes and its response. Integers are little-endian; the signature
 * follows the opaque data and covers everything before it. Bytes after it are ignored.
 */
final class SpdmReport {
    private static final int REQUEST = 37;
    private static final int VERSION = 0x11;
    private static final int GET_MEASUREMENTS = 0xE0;
    private static final int MEASUREMENTS = 0x60;
    private static final int SIGNATURE = 96;
    private static final int DMTF = 1;

    private static final int DRIVER_VERSION = 3;
    private static final int VBIOS_VERSION = 6;
    private static final int NVDEC0_STATUS = 11;
    private static final int CHIP_SKU = 15;
    private static final int PROJECT = 17;
    private static final int PROJECT_SKU = 18;
    private static final int FWID = 20;
    private static final int DISABLED = 0x55;

    private final byte[] signed;
    private final byte[] signature;
    private final byte[] nonce;
    private final Map<Integer, byte[]> measurements = new HashMap<>();
    private final Map<Integer, byte[]> opaque = new HashMap<>();

    /** What is no measurement report. */
    static final class SpdmException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SpdmException(String message) {
            super(message);
        }

        SpdmException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private SpdmReport(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        code(in, GET_MEASUREMENTS, "request");
        in.skip(2);
        nonce = in.take(32);
        in.skip(REQUEST - 36);
        code(in, MEASUREMENTS, "response");
        in.skip(2);
        int blocks = in.u8();
        ByteReader record = in.slice(in.u24());
        for (int i = 0; i < blocks; i++) {
            measurement(record);
        }
        if (record.remaining() != 0) {
            throw new SpdmException(record.remaining() + " bytes follow the last measurement block");
        }
        in.skip(32);
        ByteReader data = in.slice(in.u16());
        while (data.remaining() > 0) {
            int type = data.u16();
            if (opaque.put(type, data.take(data.u16())) != null) {
                throw new SpdmException("opaque field " + type + " comes twice");
            }
        }
        signed = Arrays.copyOf(bytes, in.position());
        signature = in.take(SIGNATURE);
    }

    private static void code(ByteReader in, int expected, String what) {
        int version = in.u8();
        int code = in.u8();
        if (version != VERSION || code != expected) {
            throw new SpdmException(what + " has version 0x" + Integer.toHexString(version) + " and code 0x"
                    + Integer.toHexString(code) + ", not 0x11 and 0x" + Integer.toHexString(expected));
        }
    }

    private void measurement(ByteReader record) {
        int index = record.u8();
        int specification = record.u8();
        ByteReader block = record.slice(record.u16());
        if (specification != DMTF) {
            throw new SpdmException("measurement " + index + " follows specification " + specification);
        }
        block.skip(1);
        byte[] value = block.take(block.u16());
        if (block.remaining() != 0 || measurements.put(index, value) != null) {
            throw new SpdmException("measurement " + index + " has trailing bytes or comes twice");
        }
    }

    /** Parses; throws {@link SpdmException} or {@link TruncatedException}. */
    static SpdmReport parse(byte[] bytes) {
        return new SpdmReport(bytes);
    }

    /** Whether bytes begin like a request. */
    static boolean looksLike(byte[] bytes) {
        return bytes.length > REQUEST && bytes[0] == VERSION && (bytes[1] & 0xff) == GET_MEASUREMENTS;
    }

    /** Request, response and signature, without trailing bytes. */
    byte[] bytes() {
        byte[] out = Arrays.copyOf(signed, signed.length + SIGNATURE);
        System.arraycopy(signature, 0, out, signed.length, SIGNATURE);
        return out;
    }

    byte[] signed() {
        return signed.clone();
    }

    /** r and s of 48 bytes each, big-endian. */
    byte[] signature() {
        return signature.clone();
    }

    /** The 32 bytes of the requester's challenge. */
    byte[] nonce() {
        return nonce.clone();
    }

    /** The measurement that reference index {@code rimIndex} is about: blocks count from 1. */
    Optional<byte[]> measurement(int rimIndex) {
        return Optional.ofNullable(measurements.get(rimIndex + 1)).map(byte[]::clone);
    }

    /** E.g. {@code 535.86.09}. */
    String driverVersion() {
        return text(DRIVER_VERSION);
    }

    private String text(int field) {
        byte[] text = opaque.getOrDefault(field, new byte[0]);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.US_ASCII);
    }

    /** E.g. {@code 96.00.5E.00.01}: four bytes turned around, then the OEM byte. */
    String vbiosVersion() {
        byte[] raw = opaque.getOrDefault(VBIOS_VERSION, new byte[0]);
        return raw.length < 5
                ? ""
                : String.format(Locale.ROOT, "%02X.%02X.%02X.%02X.%02X", raw[3], raw[2], raw[1], raw[0], raw[4]);
    }

    /** Project, its stock keeping unit and the chip's, e.g. {@code 1010_0200_882}: the board in names of manifests. */
    String board() {
        return text(PROJECT) + "_" + text(PROJECT_SKU) + "_" + text(CHIP_SKU);
    }

    boolean nvdec0Disabled() {
        byte[] status = opaque.getOrDefault(NVDEC0_STATUS, new byte[0]);
        return status.length == 1 && status[0] == DISABLED;
    }

    Optional<byte[]> fwid() {
        return Optional.ofNullable(opaque.get(FWID)).map(byte[]::clone);
    }
}
