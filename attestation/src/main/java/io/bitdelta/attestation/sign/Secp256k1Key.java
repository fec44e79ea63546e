package io.bitdelta.attestation.sign;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/** An owner's key. Signatures are deterministic (RFC 6979) and low-s. Never prints its secret. */
public final class Secp256k1Key {
    private final BigInteger secret;
    private final EvmAddress address;

    private Secp256k1Key(BigInteger secret) {
        this.secret = secret;
        this.address = Secp256k1.address(publicPoint(secret));
    }

    /** A fresh key. */
    public static Secp256k1Key generate(SecureRandom random) {
        return new Secp256k1Key(
                BigIntegers.createRandomInRange(BigInteger.ONE, Secp256k1.N.subtract(BigInteger.ONE), random));
    }

    /**
     * A key from its 32-byte big-endian scalar.
     *
     * @throws SignatureException when there are not 32 bytes or the scalar is not in [1, n)
     */
    public static Secp256k1Key fromPrivate(byte[] scalar) {
        if (scalar.length != 32) {
            throw new SignatureException("private key has " + scalar.length + " bytes, not 32");
        }
        BigInteger value = new BigInteger(1, scalar);
        if (value.signum() == 0 || value.compareTo(Secp256k1.N) >= 0) {
            throw new SignatureException("private key is not in [1, n)");
        }
        return new Secp256k1Key(value);
    }

    /** The account. */
    public EvmAddress address() {
        return address;
    }

    /** The 32-byte scalar; the caller wipes it. */
    public byte[] privateBytes() {
        return BigIntegers.asUnsignedByteArray(32, secret);
    }

    /** The 64 bytes of the public key's coordinates, big-endian x then y. */
    public byte[] publicBytes() {
        byte[] encoded = publicPoint(secret).getEncoded(false);
        byte[] out = new byte[64];
        System.arraycopy(encoded, 1, out, 0, 64);
        return out;
    }

    /** Signs a 32-byte digest. */
    public EvmSignature sign(Bytes32 digest) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(secret, Secp256k1.DOMAIN));
        BigInteger[] rs = signer.generateSignature(digest.bytes());
        BigInteger s = rs[1].compareTo(Secp256k1.HALF_N) > 0 ? Secp256k1.N.subtract(rs[1]) : rs[1];
        for (int v = 27; v <= 28; v++) {
            EvmSignature candidate = new EvmSignature(rs[0], s, v);
            if (candidate.recover(digest).equals(address)) {
                return candidate;
            }
        }
        throw new SignatureException("signature recovers to neither parity of " + address);
    }

    /** Signs a 32-byte digest; as {@link #sign(Bytes32)} for callers that hold plain bytes. */
    public EvmSignature sign(byte[] digest32) {
        return sign(Bytes32.of(digest32));
    }

    /** The EIP-191 digest of a personal message. */
    public static Bytes32 personalDigest(byte[] message) {
        return Keccak256.of(
                ("\u0019Ethereum Signed Message:\n" + message.length).getBytes(StandardCharsets.UTF_8), message);
    }

    private static ECPoint publicPoint(BigInteger secret) {
        return new FixedPointCombMultiplier()
                .multiply(Secp256k1.DOMAIN.getG(), secret)
                .normalize();
    }

    @Override
    public String toString() {
        return "Secp256k1Key[" + address + "]";
    }
}
