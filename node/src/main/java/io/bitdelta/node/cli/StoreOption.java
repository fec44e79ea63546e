package io.bitdelta.node.cli;

import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.StoreConfig;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Mixin for commands that choose where content is kept. */
public final class StoreOption {
    @Option(
            names = "--store",
            paramLabel = "KIND",
            converter = KindConverter.class,
            completionCandidates = Kinds.class,
            description =
                    "Where content is kept: ${COMPLETION-CANDIDATES}. Addresses come from the configuration or from BITDELTA_STORE_..."
                            + " variables. Default: what the configuration says, else embedded.")
    private StoreConfig.@Nullable Kind kind;

    /** A configuration with the choice made here, if one was made. */
    public NodeConfig in(NodeConfig config) {
        return kind == null ? config : config.withStore(kind);
    }

    static final class KindConverter implements ITypeConverter<StoreConfig.Kind> {
        @Override
        public StoreConfig.Kind convert(String value) {
            try {
                return StoreConfig.Kind.of(value);
            } catch (IllegalArgumentException unknown) {
                throw new TypeConversionException(String.valueOf(unknown.getMessage()));
            }
        }
    }

    static final class Kinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of(StoreConfig.Kind.values()).stream()
                    .map(StoreConfig.Kind::toString)
                    .iterator();
        }
    }
}
