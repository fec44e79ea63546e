package io.bitdelta.attestation.pki;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.bytes.Bytes32;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A path of certificates from a leaf upwards (RFC 5280 section 6, without policies and name constraints). */
public final class Chain {
    private static final int MAX_LENGTH = 8;

    private final List<Cert> path;

    private Chain(List<Cert> path) {
        this.path = path;
    }

    /**
     * Orders certificates into the path that begins with the leaf. Only names and, among certificates of one name,
     * signatures decide: {@link #check} judges the result.
     */
    public static Chain from(Cert leaf, Collection<Cert> pool) {
        List<Cert> path = new ArrayList<>(List.of(leaf));
        Cert top = leaf;
        while (!top.selfIssued() && path.size() < MAX_LENGTH) {
            Cert issuer = issuer(top, pool, path);
            if (issuer == null) {
                break;
            }
            path.add(issuer);
            top = issuer;
        }
        return new Chain(List.copyOf(path));
    }

    private static @Nullable Cert issuer(Cert child, Collection<Cert> pool, List<Cert> path) {
        List<Cert> named = pool.stream()
                .filter(candidate -> candidate.isNamed(child.issuer()) && !path.contains(candidate))
                .distinct()
                .toList();
        if (named.size() <= 1) {
            return named.isEmpty() ? null : named.getFirst();
        }
        return named.stream().filter(child::signedBy).findFirst().orElse(named.getFirst());
    }

    /** The certificates, leaf first. */
    public List<Cert> path() {
        return path;
    }

    /** The certificate that issued the leaf, if the path has one. */
    public Optional<Cert> issuerOfLeaf() {
        return path.size() > 1 ? Optional.of(path.get(1)) : Optional.empty();
    }

    /** The last certificate. */
    public Cert top() {
        return path.getLast();
    }

    /**
     * Checks every link, every date and the pinned end, and bounds the result's validity.
     *
     * @param anchors key ids of the trusted roots
     */
    public void check(Set<Bytes32> anchors, Instant at, ChainReasons reasons, Appraisal appraisal) {
        for (int i = 0; i < path.size(); i++) {
            Cert cert = path.get(i);
            if (i + 1 < path.size()) {
                Cert issuer = path.get(i + 1);
                appraisal.require(
                        cert.signedBy(issuer),
                        reasons.broken(),
                        () -> cert.label() + " is not signed by " + issuer.label());
                appraisal.require(
                        issuer.mayIssue(i),
                        reasons.broken(),
                        () -> issuer.label() + " may not issue certificates here");
            }
            List<String> unknown = cert.unknownCritical();
            appraisal.require(
                    unknown.isEmpty(),
                    reasons.broken(),
                    () -> cert.label() + " has unknown critical extensions " + unknown);
            appraisal.require(
                    !at.isAfter(cert.notAfter()),
                    reasons.expired(),
                    () -> cert.label() + " ended " + cert.notAfter() + ", judged at " + at);
            appraisal.require(
                    !at.isBefore(cert.notBefore()),
                    reasons.early(),
                    () -> cert.label() + " begins " + cert.notBefore() + ", judged at " + at);
            appraisal.boundedBy(cert.notAfter());
        }
        Cert top = top();
        if (anchors.contains(top.keyId())) {
            appraisal.require(
                    top.selfIssued() && top.signedBy(top),
                    reasons.broken(),
                    top.label() + " has a pinned key but is not self-signed");
        } else if (top.selfIssued()) {
            appraisal.report(reasons.untrusted(), top.label() + " is no pinned root (key " + top.keyId() + ")");
        } else {
            appraisal.report(reasons.broken(), "the issuer of " + top.label() + " is not there: " + top.issuer());
        }
    }
}
