package io.bitdelta.attestation.sign;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/**
 * A recoverable secp256k1 signature in its one accepted form: 0 &lt; r &lt; n, 0 &lt; s &lt;= n/2, v 27 or 28.
 *
 * @param r the x coordinate of the nonce point
 * @param s the low of the two equivalent values
 * @param v 27 or 28, the parity of the nonce point
 */
public record EvmSignature(BigInteger r, BigInteger s, int v) {
    /** Length of {@link #bytes} in bytes. */
    public static final int LENGTH = 65;

    /** Refuses every malleated form. */
    public EvmSignature {
        if (r.signum() <= 0 || r.compareTo(Secp256k1.N) >= 0) {
            throw new SignatureException("signature r is not in [1, n)");
        }
        if (s.signum() <= 0 || s.compareTo(Secp256k1.HALF_N) > 0) {
            throw new SignatureException(
                    "signature s is not in [1, n/2] (high s is a second form of the same signature)");
        }
        if (v != 27 && v != 28) {
            throw new SignatureException("signature v is " + v + ", not 27 or 28");
        }
    }

    /**
     * Parses r (32 bytes), s (32 bytes), v (1 byte).
     *
     * @throws SignatureException when the length or a value is refused
     */
    public static EvmSignature parse(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new SignatureException("signature has " + bytes.length + " bytes, not " + LENGTH);
        }
        return new EvmSignature(
                new BigInteger(1, bytes, 0, 32), new BigInteger(1, bytes, 32, 32), Byte.toUnsignedInt(bytes[64]));
    }

    /** 65 bytes: r, s, v. */
    public byte[] bytes() {
        byte[] out = Arrays.copyOf(BigIntegers.asUnsignedByteArray(32, r), LENGTH);
        System.arraycopy(BigIntegers.asUnsignedByteArray(32, s), 0, out, 32, 32);
        out[64] = (byte) v;
        return out;
    }

    /**
     * The account whose key signed the digest. Any digest recovers to some account: compare it with the expected one.
     *
     * @throws SignatureException when r is no point of the curve
     */
    public EvmAddress recover(Bytes32 digest) {
        byte[] compressed = new byte[33];
        compressed[0] = (byte) (v == 27 ? 2 : 3);
        System.arraycopy(BigIntegers.asUnsignedByteArray(32, r), 0, compressed, 1, 32);
        ECPoint nonce;
        try {
            nonce = Secp256k1.DOMAIN.getCurve().decodePoint(compressed);
        } catch (IllegalArgumentException e) {
            throw new SignatureException("signature r is no point of the curve", e);
        }
        BigInteger inverse = BigIntegers.modOddInverse(Secp256k1.N, r);
        BigInteger e = new BigInteger(1, digest.bytes());
        ECPoint key = ECAlgorithms.sumOfTwoMultiplies(
                        Secp256k1.DOMAIN.getG(),
                        inverse.multiply(e.negate()).mod(Secp256k1.N),
                        nonce,
                        inverse.multiply(s).mod(Secp256k1.N))
                .normalize();
        if (key.isInfinity()) {
            throw new SignatureException("signature recovers to the point at infinity");
        }
        return Secp256k1.address(key);
    }
}
