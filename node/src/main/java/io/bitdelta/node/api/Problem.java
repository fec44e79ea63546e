package io.bitdelta.node.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A refusal, told to the caller as a problem document (RFC 9457).
 *
 * <p>{@code type} is {@code urn:bitdelta:problem:<slug>}, {@code title} the slug in words, {@code instance} the request's id.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Media type of a problem document. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private final int status;
    private final String slug;
    private final transient List<FieldError> errors;
    private final transient Map<String, String> headers;

    /**
     * What is wrong with one field of a request.
     *
     * @param in {@code path}, {@code query}, {@code header} or {@code body}
     * @param pointer JSON pointer into the body, else {@code /} and the parameter's name
     * @param detail what is wrong and what would be right
     */
    public record FieldError(String in, String pointer, String detail) {}

    private Problem(int status, String slug, String detail, List<FieldError> errors, Map<String, String> headers) {
        super(detail, null, false, false);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("%d is no status of a problem".formatted(status));
        }
        this.status = status;
        this.slug = slug;
        this.errors = List.copyOf(errors);
        this.headers = Map.copyOf(headers);
    }

    /**
     * A refusal.
     *
     * @param status 400 to 599
     * @param slug the kind, lowercase words joined with hyphens
     * @param detail a sentence for the caller: what, and what to do
     */
    public static Problem of(int status, String slug, String detail) {
        return new Problem(status, slug, detail, List.of(), Map.of());
    }

    /** 400: fields of the request break the contract. */
    public static Problem invalid(List<FieldError> errors) {
        FieldError first = errors.getFirst();
        return new Problem(
                400,
                "invalid-request",
                "%s %s: %s%s"
                        .formatted(
                                first.in(),
                                first.pointer(),
                                first.detail(),
                                errors.size() == 1 ? "" : ", and %d more".formatted(errors.size() - 1)),
                errors,
                Map.of());
    }

    /** 400: one field of the request is unusable. */
    public static Problem invalid(String in, String pointer, String detail) {
        return invalid(List.of(new FieldError(in, pointer, detail)));
    }

    /** 404. */
    public static Problem notFound(String detail) {
        return of(404, "not-found", detail);
    }

    /** 403. */
    public static Problem forbidden(String detail) {
        return of(403, "forbidden", detail);
    }

    /** 409. */
    public static Problem conflict(String detail) {
        return of(409, "conflict", detail);
    }

    /** 503: try again later. */
    public static Problem unavailable(String slug, String detail, int retryAfterSeconds) {
        return of(503, slug, detail).withHeader("Retry-After", Integer.toString(retryAfterSeconds));
    }

    /** The same with a header of the response. */
    public Problem withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(status, slug, detail(), errors, more);
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** The kind. */
    public String slug() {
        return slug;
    }

    /** The sentence for the caller. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** What is wrong with which fields. */
    public List<FieldError> errors() {
        return errors;
    }

    /** Headers of the response. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The document; property order is fixed. */
    Map<String, Object> document(String requestId) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", "urn:bitdelta:problem:" + slug);
        document.put("title", slug.replace('-', ' '));
        document.put("status", status);
        document.put("detail", detail());
        document.put("instance", "urn:bitdelta:request:" + requestId);
        if (!errors.isEmpty()) {
            document.put("errors", new ArrayList<>(errors));
        }
        return document;
    }
}
