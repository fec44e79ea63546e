package io.bitdelta.attestation.sign;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/**
 * A P-256 key that never leaves a PKCS#11 token. The token must hold the key with a certificate under one label. Account
 * keys (secp256k1) stay in keystore files: the platform's PKCS#11 provider does not know that curve.
 */
public final class Pkcs11Key implements SigningKey {
    private static final BigInteger N = CustomNamedCurves.getByName("secp256r1").getN();

    private final Provider provider;
    private final PrivateKey key;
    private final byte[] publicKey;

    private Pkcs11Key(Provider provider, PrivateKey key, ECPublicKey publicKey) {
        this.provider = provider;
        this.key = key;
        this.publicKey = CustomNamedCurves.getByName("secp256r1")
                .getCurve()
                .createPoint(publicKey.getW().getAffineX(), publicKey.getW().getAffineY())
                .getEncoded(true);
    }

    /** The platform's provider for one slot of a token library. */
    public static Provider provider(String name, Path library, int slotListIndex) {
        Provider template = Security.getProvider("SunPKCS11");
        if (template == null) {
            throw new SignatureException("this Java platform lacks the PKCS#11 provider (module jdk.crypto.cryptoki)");
        }
        return template.configure(
                "--name = " + name + "\nlibrary = " + library + "\nslotListIndex = " + slotListIndex + "\n");
    }

    /** The token's store, logged in. */
    public static KeyStore login(Provider provider, char[] pin) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS11", provider);
        try {
            store.load(null, pin);
        } catch (IOException e) {
            throw new SignatureException("the token refuses the login: " + e.getMessage(), e);
        }
        return store;
    }

    /**
     * Opens a key.
     *
     * @throws SignatureException when the label names no P-256 key with a certificate
     */
    public static Pkcs11Key open(Provider provider, KeyStore store, String label) throws GeneralSecurityException {
        Certificate certificate = store.getCertificate(label);
        if (!(store.getKey(label, null) instanceof PrivateKey key)
                || certificate == null
                || !(certificate.getPublicKey() instanceof ECPublicKey publicKey)
                || !publicKey.getParams().getOrder().equals(N)) {
            throw new SignatureException("the token has no P-256 key with a certificate under the label " + label);
        }
        return new Pkcs11Key(provider, key, publicKey);
    }

    @Override
    public SignatureScheme scheme() {
        return SignatureScheme.P256;
    }

    @Override
    public byte[] publicKey() {
        return publicKey.clone();
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format", provider);
            signer.initSign(key);
            signer.update(message);
            byte[] rs = signer.sign();
            BigInteger r = new BigInteger(1, Arrays.copyOf(rs, 32));
            BigInteger s = new BigInteger(1, Arrays.copyOfRange(rs, 32, 64));
            return P256.join(r, s.compareTo(N.shiftRight(1)) > 0 ? N.subtract(s) : s);
        } catch (GeneralSecurityException e) {
            throw new SignatureException("the token could not sign: " + e.getMessage(), e);
        }
    }
}
