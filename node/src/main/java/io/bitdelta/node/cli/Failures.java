package io.bitdelta.node.cli;

import io.bitdelta.attestation.did.DidSyntaxException;
import io.bitdelta.attestation.envelope.EnvelopeException;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.attestation.pki.PkiException;
import io.bitdelta.attestation.sign.KeystoreException;
import io.bitdelta.attestation.sign.SignatureException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns what a command threw into one line and an exit code: the only place that knows every module's failures. */
final class Failures {
    private Failures() {}

    /** The exit code for a failure. */
    static int exitCode(Throwable failure) {
        return switch (failure) {
            case CommandException e -> e.exitCode();
            case NoSuchFileException e -> ExitCode.USAGE;
            case AccessDeniedException e -> ExitCode.USAGE;
            case JsonException e -> ExitCode.USAGE;
            case ManifestException e -> ExitCode.USAGE;
            case DidSyntaxException e -> ExitCode.USAGE;
            case SignatureException e -> ExitCode.USAGE;
            case PkiException e -> ExitCode.USAGE;
            case EnvelopeException e -> ExitCode.DOES_NOT_HOLD;
            case KeystoreException e ->
                switch (e.reason()) {
                    case WRONG_PASSWORD -> ExitCode.DOES_NOT_HOLD;
                    case MALFORMED, NOT_FOUND, ALREADY_EXISTS -> ExitCode.USAGE;
                };
            default -> ExitCode.FAILURE;
        };
    }

    /** One line: what, where, and what to do where that is known. */
    static String line(Throwable failure) {
        return switch (failure) {
            case CommandException e -> message(e);
            case NoSuchFileException e -> "no such file or folder: " + e.getFile();
            case AccessDeniedException e -> "permission denied: " + e.getFile();
            case FileSystemException e ->
                e.getFile() + ": " + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason());
            case IOException e -> message(e);
            case JsonException e -> message(e);
            case ManifestException e -> message(e);
            case DidSyntaxException e -> message(e);
            case SignatureException e -> message(e);
            case PkiException e -> message(e);
            case KeystoreException e -> message(e);
            default -> failure.getClass().getSimpleName() + ": " + message(failure);
        };
    }

    private static String message(Throwable failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank()
                ? failure.getClass().getSimpleName()
                : text.lines().findFirst().orElse("");
    }
}
