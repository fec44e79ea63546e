package io.bitdelta.node.cli;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The process entry point. */
public final class Main {
    private Main() {}

    /** Runs one command and exits with one of {@link ExitCode}. */
    public static void main(String[] arguments) {
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
        int code = commandLine().execute(arguments);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    /** The whole command tree, ready to execute. */
    public static CommandLine commandLine() {
        CommandLine root = new CommandLine(new BitDelta());
        root.registerConverter(Bytes32.class, said(Bytes32::of));
        root.registerConverter(EvmAddress.class, said(EvmAddress::of));
        root.registerConverter(LuxDid.class, said(LuxDid::parse));
        root.setExecutionStrategy(new CommandLine.RunLast());
        root.setParameterExceptionHandler((failure, arguments) -> {
            CommandLine command = failure.getCommandLine();
            command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + failure.getMessage());
            command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
            return ExitCode.USAGE;
        });
        root.setExecutionExceptionHandler((failure, command, parsed) -> {
            Throwable cause = unwrap(failure);
            command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + Failures.line(cause));
            if (Boolean.getBoolean("bitdelta.trace")) {
                cause.printStackTrace(command.getErr());
            }
            return Failures.exitCode(cause);
        });
        return root;
    }

    /** A converter whose refusal is the parser's own sentence, without the name of an exception. */
    private static <T> ITypeConverter<T> said(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof UncheckedIOException
                        || cause instanceof ExecutionException
                        || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
