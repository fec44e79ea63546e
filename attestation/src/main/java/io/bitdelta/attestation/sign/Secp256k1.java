package io.bitdelta.attestation.sign;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECPoint;

/** The curve's constants. */
final class Secp256k1 {
    static final ECDomainParameters DOMAIN = new ECDomainParameters(CustomNamedCurves.getByName("secp256k1"));
    static final BigInteger N = DOMAIN.getN();
    static final BigInteger HALF_N = N.shiftRight(1);

    private Secp256k1() {}

    /** The account of a public key: the last 20 bytes of the hash of its coordinates. */
    static EvmAddress address(ECPoint publicKey) {
        byte[] encoded = publicKey.getEncoded(false);
        byte[] hash =
                Keccak256.of(Arrays.copyOfRange(encoded, 1, encoded.length)).bytes();
        return EvmAddress.of(Arrays.copyOfRange(hash, 12, 32));
    }
}
