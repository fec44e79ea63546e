package io.bitdelta.attestation.appraisal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The documents that a verifier needs beside the evidence, as raw bytes: each verifier takes those it recognises. */
public final class Endorsements {
    private static final Endorsements NONE = new Endorsements(List.of());

    private final List<byte[]> documents;
    private final Map<Class<?>, Object> views = new ConcurrentHashMap<>();

    private Endorsements(List<byte[]> documents) {
        this.documents = documents.stream().map(byte[]::clone).toList();
    }

    /** No documents: no hardware evidence is affirming with these. */
    public static Endorsements none() {
        return NONE;
    }

    /** Copies documents of any kind, in any order. */
    public static Endorsements of(List<byte[]> documents) {
        return new Endorsements(documents);
    }

    /** Fresh copies of the documents. */
    public List<byte[]> documents() {
        return documents.stream().map(byte[]::clone).toList();
    }

    /**
     * What a verifier makes of the documents, made once per instance: collateral stays warm as long as its holder keeps
     * it.
     *
     * @param type the kind of view, also its key
     * @param parser reads the documents
     */
    public <T> T view(Class<T> type, Function<List<byte[]>, T> parser) {
        return type.cast(views.computeIfAbsent(type, key -> parser.apply(documents())));
    }
}
