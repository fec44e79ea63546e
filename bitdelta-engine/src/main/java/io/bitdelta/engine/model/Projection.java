package io.bitdelta.engine.model;

/** The linear maps of a decoder layer, in the order in which a layer uses them. */
public enum Projection {
    /** Queries: [heads * headDim, hidden]. */
    QUERY("self_attn.q_proj"),
    /** Keys: [kvHeads * headDim, hidden]. */
    KEY("self_attn.k_proj"),
    /** Values: [kvHeads * headDim, hidden]. */
    VALUE("self_attn.v_proj"),
    /** Output of attention: [hidden, heads * headDim]. */
    OUTPUT("self_attn.o_proj"),
    /** Gate of the MLP: [intermediate, hidden]. */
    GATE("mlp.gate_proj"),
    /** Up: [intermediate, hidden]. */
    UP("mlp.up_proj"),
    /** Down: [hidden, intermediate]. */
    DOWN("mlp.down_proj");

    private final String module;

    Projection(String module) {
        this.module = module;
    }

    /** The module's path in a layer. */
    public String module() {
        return module;
    }

    /** Length of the output. */
    public int rows(ModelConfig config) {
        return switch (this) {
            case QUERY -> config.attention().queryWidth();
            case KEY, VALUE -> config.attention().keyWidth();
            case OUTPUT, DOWN -> config.hidden();
            case GATE, UP -> config.intermediate();
        };
    }

    /** Length of the input. */
    public int columns(ModelConfig config) {
        return switch (this) {
            case QUERY, KEY, VALUE, GATE, UP -> config.hidden();
            case OUTPUT -> config.attention().queryWidth();
            case DOWN -> config.intermediate();
        };
    }

    /** Whether it has a bias. */
    public boolean biased(ModelConfig config) {
        return switch (this) {
            case QUERY, KEY, VALUE -> config.attention().inputBias();
            case OUTPUT -> config.attention().outputBias();
            case GATE, UP, DOWN -> config.mlpBias();
        };
    }
}
