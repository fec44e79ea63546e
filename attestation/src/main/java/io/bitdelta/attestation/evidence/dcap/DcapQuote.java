package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.bytes.ByteReader;
import io.bitdelta.attestation.bytes.TruncatedException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The parts of a quote. Offsets follow Intel's layout; integers are little-endian. Bytes after the signature data are
 * ignored and belong to no hash.
 */
final class DcapQuote {
    static final int HEADER = 48;
    static final int SGX_BODY = 384;
    static final int TD10_BODY = 584;
    static final int TD15_BODY = 648;
    static final int QE_REPORT = 384;

    private static final int V5_DESCRIPTOR = 6;
    private static final int TEE_SGX = 0;
    private static final int TEE_TDX = 0x81;
    private static final int KEY_TYPE_P256 = 2;
    private static final byte[] INTEL_QE_VENDOR = {
        (byte) 0x93,
        (byte) 0x9a,
        0x72,
        0x33,
        (byte) 0xf7,
        (byte) 0x9c,
        0x4c,
        (byte) 0xa9,
        (byte) 0x94,
        0x0a,
        0x0d,
        (byte) 0xb3,
        (byte) 0x95,
        0x7f,
        0x06,
        0x07
    };

    /** What this verifier does not handle. */
    static final class UnsupportedQuoteException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnsupportedQuoteException(String message) {
            super(message);
        }
    }

    private final byte[] signed;
    private final byte[] body;
    private final boolean tdx;
    private final byte[] signature;
    private final byte[] attestationKey;
    private final byte[] qeReport;
    private final byte[] qeSignature;
    private final byte[] qeAuthData;
    private final int certificationType;
    private final byte[] certification;
    private final int length;

    private DcapQuote(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        int version = in.u16();
        int keyType = in.u16();
        long tee = in.u32();
        in.skip(4);
        byte[] vendor = in.take(16);
        in.skip(20);
        if (keyType != KEY_TYPE_P256) {
            throw new UnsupportedQuoteException("attestation key type " + keyType + " is not 2 (ECDSA P-256)");
        }
        if (!Arrays.equals(vendor, INTEL_QE_VENDOR)) {
            throw new UnsupportedQuoteException("the quoting enclave is not of Intel's vendor id");
        }
        int bodyLength = bodyLength(in, version, tee);
        tdx = tee == TEE_TDX;
        body = in.take(bodyLength);
        signed = Arrays.copyOf(bytes, in.position());
        ByteReader data = in.slice(in.length32());
        length = in.position();
        signature = data.take(64);
        attestationKey = data.take(64);
        ByteReader certified = data;
        if (version >= 4) {
            int type = data.u16();
            if (type != 6) {
                throw new UnsupportedQuoteException("certification data type " + type + " is not 6 (QE report)");
            }
            certified = data.slice(data.length32());
        }
        qeReport = certified.take(QE_REPORT);
        qeSignature = certified.take(64);
        qeAuthData = certified.take(certified.u16());
        certificationType = certified.u16();
        certification = certified.take(certified.length32());
        if (certified.remaining() != 0 || data.remaining() != 0) {
            throw new TruncatedException(in.position(), 0, certified.remaining() + data.remaining());
        }
    }

    private static int bodyLength(ByteReader in, int version, long tee) {
        if (version == 3 && tee == TEE_SGX) {
            return SGX_BODY;
        }
        if (version == 4 && tee == TEE_TDX) {
            return TD10_BODY;
        }
        if (version == 5 && tee == TEE_TDX) {
            int type = in.u16();
            long size = in.u32();
            if ((type == 2 && size == TD10_BODY) || (type == 3 && size == TD15_BODY)) {
                return (int) size;
            }
            throw new UnsupportedQuoteException("body type " + type + " of " + size + " bytes");
        }
        throw new UnsupportedQuoteException("quote version " + version + " with TEE type 0x" + Long.toHexString(tee));
    }

    /** Parses; throws {@link TruncatedException} or {@link UnsupportedQuoteException}. */
    static DcapQuote parse(byte[] bytes) {
        return new DcapQuote(bytes);
    }

    /** Whether bytes begin like a quote. */
    static boolean looksLike(byte[] bytes) {
        if (bytes.length < HEADER + V5_DESCRIPTOR || bytes[1] != 0 || bytes[0] < 3 || bytes[0] > 5) {
            return false;
        }
        boolean vendor = Arrays.equals(bytes, 12, 28, INTEL_QE_VENDOR, 0, 16);
        boolean tee = bytes[5] == 0 && bytes[6] == 0 && bytes[7] == 0;
        return vendor || (tee && bytes[2] == KEY_TYPE_P256 && bytes[3] == 0);
    }

    boolean tdx() {
        return tdx;
    }

    /** Header, version 5's descriptor and body: what the attestation key signs. */
    byte[] signed() {
        return signed.clone();
    }

    byte[] signature() {
        return signature.clone();
    }

    byte[] attestationKey() {
        return attestationKey.clone();
    }

    byte[] qeReport() {
        return qeReport.clone();
    }

    byte[] qeSignature() {
        return qeSignature.clone();
    }

    byte[] qeAuthData() {
        return qeAuthData.clone();
    }

    int certificationType() {
        return certificationType;
    }

    byte[] certification() {
        return certification.clone();
    }

    /** Length of header, body and signature data, without trailing bytes. */
    int length() {
        return length;
    }

    /** Bytes of the body. */
    byte[] body(int offset, int count) {
        return Arrays.copyOfRange(body, offset, offset + count);
    }

    /** One byte of the body. */
    int body(int offset) {
        return body[offset] & 0xff;
    }

    /** TEE_TCB_SVN_2 of a TD 1.5 body. */
    Optional<byte[]> teeTcbSvn2() {
        return body.length == TD15_BODY ? Optional.of(body(584, 16)) : Optional.empty();
    }

    /** 64 bytes of report data. */
    byte[] reportData() {
        return tdx ? body(520, 64) : body(320, 64);
    }
}
