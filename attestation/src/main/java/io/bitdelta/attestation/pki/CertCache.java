package io.bitdelta.attestation.pki;

import io.bitdelta.attestation.bytes.Bytes32;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Certificates that came with earlier evidence, by the SHA-256 of their bytes. A certificate remembers which keys its
 * signature was checked with, so that the chain of a platform that was seen before costs no signature check; dates,
 * revocation and the pinned end are judged anew each time. Thread-safe; the least recently used ones give way.
 */
public final class CertCache {
    private static final int CAPACITY = 2048;

    private final Map<Bytes32, Cert> certs = bounded();
    private final Map<Bytes32, List<Cert>> texts = bounded();

    /** An empty cache. */
    public CertCache() {}

    private static <T> Map<Bytes32, T> bounded() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Bytes32, T> eldest) {
                return size() > CAPACITY;
            }
        };
    }

    /**
     * As {@link Cert#parsePem(byte[])}.
     *
     * @throws PkiException when a block is damaged; nothing damaged is kept
     */
    public List<Cert> parsePem(byte[] text) {
        Bytes32 id = sha256(text);
        synchronized (texts) {
            List<Cert> known = texts.get(id);
            if (known != null) {
                return known;
            }
        }
        List<Cert> parsed = new ArrayList<>();
        for (Cert cert : Cert.parsePem(text)) {
            parsed.add(kept(cert));
        }
        synchronized (texts) {
            texts.put(id, List.copyOf(parsed));
        }
        return List.copyOf(parsed);
    }

    /**
     * As {@link Cert#parse}.
     *
     * @throws PkiException when it is no certificate
     */
    public Cert parse(byte[] der) {
        synchronized (certs) {
            Cert known = certs.get(sha256(der));
            if (known != null) {
                return known;
            }
        }
        return kept(Cert.parse(der));
    }

    private Cert kept(Cert cert) {
        synchronized (certs) {
            Cert earlier = certs.putIfAbsent(sha256(cert.der()), cert);
            return earlier == null ? cert : earlier;
        }
    }

    private static Bytes32 sha256(byte[] bytes) {
        try {
            return Bytes32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
