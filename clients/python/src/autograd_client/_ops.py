# Made by tools/Generate; do not edit.
"""The ops of the catalogue: descriptions for the wire, methods of tensors, and functions."""

from ._calls import Op, Overloads, apply as _apply, binary as _binary, call as _call, in_place as _in_place, unary as _unary

_FUSED_ADAM = Op("_fused_adam", (("self", "T"), ("grad", "T"), ("exp_avg", "T"), ("exp_avg_sq", "T"), ("max_exp_avg_sq", "T"), ("state_step", "T"), ("lr", "O")), (("beta1", "f", 0.9), ("beta2", "f", 0.999), ("weight_decay", "f", 0.0), ("eps", "f", 1e-08), ("maximize", "b", False)), None)
_FUSED_ADAMW = Op("_fused_adamw", (("self", "T"), ("grad", "T"), ("exp_avg", "T"), ("exp_avg_sq", "T"), ("max_exp_avg_sq", "T"), ("state_step", "T"), ("lr", "O")), (("beta1", "f", 0.9), ("beta2", "f", 0.999), ("weight_decay", "f", 0.01), ("eps", "f", 1e-08), ("maximize", "b", False)), None)
_FUSED_RMSPROP = Op("_fused_rmsprop", (("self", "T"), ("grad", "T"), ("square_avg", "T"), ("grad_avg", "T"), ("momentum_buffer", "T"), ("state_step", "T"), ("lr", "O")), (("alpha", "f", 0.99), ("weight_decay", "f", 0.0), ("eps", "f", 1e-08), ("momentum", "f", 0.0), ("maximize", "b", False)), None)
_FUSED_SGD = Op("_fused_sgd", (("self", "T"), ("grad", "T"), ("momentum_buffer", "T"), ("state_step", "T"), ("lr", "O")), (("weight_decay", "f", 0.0), ("momentum", "f", 0.0), ("dampening", "f", 0.0), ("nesterov", "b", False), ("maximize", "b", False), ("is_first_step", "b", False)), None)
ABS = Op("abs", (("self", "T"),), ())
ACOS = Op("acos", (("self", "T"),), ())
ACOSH = Op("acosh", (("self", "T"),), ())
ADAPTIVE_AVG_POOL1D = Op("adaptive_avg_pool1d", (("self", "T"),), (("output_size", "I", None),))
ADAPTIVE_AVG_POOL2D = Op("adaptive_avg_pool2d", (("self", "T"),), (("output_size", "I", None),))
ADAPTIVE_AVG_POOL3D = Op("adaptive_avg_pool3d", (("self", "T"),), (("output_size", "I", None),))
ADAPTIVE_MAX_POOL1D = Op("adaptive_max_pool1d", (("self", "T"),), (("output_size", "I", None),))
ADAPTIVE_MAX_POOL1D_WITH_INDICES = Op("adaptive_max_pool1d_with_indices", (("self", "T"),), (("output_size", "I", None),), ("output", "indices"))
ADAPTIVE_MAX_POOL2D = Op("adaptive_max_pool2d", (("self", "T"),), (("output_size", "I", None),))
ADAPTIVE_MAX_POOL2D_WITH_INDICES = Op("adaptive_max_pool2d_with_indices", (("self", "T"),), (("output_size", "I", None),), ("output", "indices"))
ADAPTIVE_MAX_POOL3D = Op("adaptive_max_pool3d", (("self", "T"),), (("output_size", "I", None),))
ADAPTIVE_MAX_POOL3D_WITH_INDICES = Op("adaptive_max_pool3d_with_indices", (("self", "T"),), (("output_size", "I", None),), ("output", "indices"))
ADD = Op("add", (("self", "O"), ("other", "O")), (("alpha", "S", None),))
ADDBMM = Op("addbmm", (("self", "T"), ("batch1", "T"), ("batch2", "T")), (("beta", "S", None), ("alpha", "S", None)))
ADDCDIV = Op("addcdiv", (("self", "T"), ("tensor1", "T"), ("tensor2", "T")), (("value", "S", None),))
ADDCMUL = Op("addcmul", (("self", "T"), ("tensor1", "T"), ("tensor2", "T")), (("value", "S", None),))
ADDMM = Op("addmm", (("self", "T"), ("mat1", "T"), ("mat2", "T")), (("beta", "S", None), ("alpha", "S", None)))
ADDMV = Op("addmv", (("self", "T"), ("mat", "T"), ("vec", "T")), (("beta", "S", None), ("alpha", "S", None)))
ADDR = Op("addr", (("self", "T"), ("vec1", "T"), ("vec2", "T")), (("beta", "S", None), ("alpha", "S", None)))
AFFINE_GRID = Op("affine_grid", (("theta", "T"),), (("size", "I", None), ("align_corners", "b", None)))
ALL = Op("all", (("self", "T"),), (("dim", "I", None), ("keepdim", "b", False)))
ALLCLOSE = Op("allclose", (("self", "T"), ("other", "T")), (("rtol", "f", 1e-05), ("atol", "f", 1e-08), ("equal_nan", "b", False)))
ALPHA_DROPOUT = Op("alpha_dropout", (("self", "T"),), (("p", "f", 0.5), ("training", "b", False)))
AMAX = Op("amax", (("self", "T"),), (("dim", "I", None), ("keepdim", "b", False)))
AMIN = Op("amin", (("self", "T"),), (("dim", "I", None), ("keepdim", "b", False)))
AMINMAX = Op("aminmax", (("self", "T"),), (("dim", "i", None), ("keepdim", "b", False)), ("min", "max"))
ANY = Op("any", (("self", "T"),), (("dim", "I", None), ("keepdim", "b", False)))
ARANGE = Op("arange", (), (("end", "S", None), ("dtype", "d", None)))
ARANGE__START = Op("arange.start", (), (("start", "S", None), ("end", "S", None), ("dtype", "d", None)))
ARANGE__START_STEP = Op("arange.start_step", (), (("start", "S", None), ("end", "S", None), ("step", "S", None), ("dtype", "d", None)))
ARGMAX = Op("argmax", (("self", "T"),), (("dim", "i", None), ("keepdim", "b", False)))
ARGMIN = Op("argmin", (("self", "T"),), (("dim", "i", None), ("keepdim", "b", False)))
ARGSORT = Op("argsort", (("self", "T"),), (("dim", "i", -1), ("descending", "b", False)))
ARGSORT__STABLE = Op("argsort.stable", (("self", "T"),), (("stable", "b", None), ("dim", "i", -1), ("descending", "b", False)))
ARGWHERE = Op("argwhere", (("self", "T"),), ())
AS_STRIDED = Op("as_strided", (("self", "T"),), (("size", "I", None), ("stride", "I", None), ("storage_offset", "i", None)), ("",), True)
ASIN = Op("asin", (("self", "T"),), ())
ASINH = Op("asinh", (("self", "T"),), ())
ATAN = Op("atan", (("self", "T"),), ())
ATAN2 = Op("atan2", (("self", "T"), ("other", "T")), ())
ATANH = Op("atanh", (("self", "T"),), ())
ATLEAST_1D = Op("atleast_1d", (("self", "T"),), ())
ATLEAST_1D__SEQUENCE = Op("atleast_1d.Sequence", (("tensors", "L"),), (), None)
ATLEAST_2D = Op("atleast_2d", (("self", "T"),), ())
ATLEAST_2D__SEQUENCE = Op("atleast_2d.Sequence", (("tensors", "L"),), (), None)
ATLEAST_3D = Op("atleast_3d", (("self", "T"),), ())
ATLEAST_3D__SEQUENCE = Op("atleast_3d.Sequence", (("tensors", "L"),), (), None)
AVG_POOL1D = Op("avg_pool1d", (("self", "T"),), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("ceil_mode", "b", False), ("count_include_pad", "b", True)))
AVG_POOL2D = Op("avg_pool2d", (("self", "T"),), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("ceil_mode", "b", False), ("count_include_pad", "b", True), ("divisor_override", "i", None)))
AVG_POOL3D = Op("avg_pool3d", (("self", "T"),), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("ceil_mode", "b", False), ("count_include_pad", "b", True), ("divisor_override", "i", None)))
BADDBMM = Op("baddbmm", (("self", "T"), ("batch1", "T"), ("batch2", "T")), (("beta", "S", None), ("alpha", "S", None)))
BARTLETT_WINDOW = Op("bartlett_window", (), (("window_length", "i", None), ("periodic", "b", True), ("dtype", "d", None)))
BATCH_NORM = Op("batch_norm", (("input", "T"), ("running_mean", "T"), ("running_var", "T"), ("weight", "T"), ("bias", "T")), (("training", "b", False), ("momentum", "f", 0.1), ("eps", "f", 1e-05)))
BERNOULLI = Op("bernoulli", (("self", "T"),), ())
BERNOULLI__P = Op("bernoulli.p", (("self", "T"),), (("p", "f", None),))
BILINEAR = Op("bilinear", (("input1", "T"), ("input2", "T"), ("weight", "T"), ("bias", "T")), ())
BINARY_CROSS_ENTROPY = Op("binary_cross_entropy", (("self", "T"), ("target", "T"), ("weight", "T")), (("reduction", "s", "mean"),))
BINARY_CROSS_ENTROPY_WITH_LOGITS = Op("binary_cross_entropy_with_logits", (("self", "T"), ("target", "T"), ("weight", "T"), ("pos_weight", "T")), (("reduction", "s", "mean"),))
BINCOUNT = Op("bincount", (("self", "T"), ("weights", "T")), (("minlength", "i", 0),))
BITWISE_AND = Op("bitwise_and", (("self", "O"), ("other", "O")), ())
BITWISE_LEFT_SHIFT = Op("bitwise_left_shift", (("self", "O"), ("other", "O")), ())
BITWISE_NOT = Op("bitwise_not", (("self", "T"),), ())
BITWISE_OR = Op("bitwise_or", (("self", "O"), ("other", "O")), ())
BITWISE_RIGHT_SHIFT = Op("bitwise_right_shift", (("self", "O"), ("other", "O")), ())
BITWISE_XOR = Op("bitwise_xor", (("self", "O"), ("other", "O")), ())
BLACKMAN_WINDOW = Op("blackman_window", (), (("window_length", "i", None), ("periodic", "b", True), ("dtype", "d", None)))
BLOCK_DIAG = Op("block_diag", (("tensors", "L"),), ())
BMM = Op("bmm", (("self", "T"), ("mat2", "T")), ())
BROADCAST_TENSORS = Op("broadcast_tensors", (("tensors", "L"),), (), None)
BROADCAST_TO = Op("broadcast_to", (("self", "T"),), (("size", "I", None),))
BUCKETIZE = Op("bucketize", (("self", "O"), ("boundaries", "T")), (("out_int32", "b", False), ("right", "b", False)))
CARTESIAN_PROD = Op("cartesian_prod", (("tensors", "L"),), ())
CAT = Op("cat", (("tensors", "L"),), (("dim", "i", 0),))
CAUCHY = Op("cauchy", (("self", "T"),), (("median", "f", 0.0), ("sigma", "f", 1.0)))
CDIST = Op("cdist", (("x1", "T"), ("x2", "T")), (("p", "f", 2.0), ("compute_mode", "s", "use_mm_for_euclid_dist_if_necessary")))
CEIL = Op("ceil", (("self", "T"),), ())
CELU = Op("celu", (("self", "T"),), (("alpha", "f", 1.0),))
CHAIN_MATMUL = Op("chain_matmul", (("matrices", "L"),), ())
CHANNEL_SHUFFLE = Op("channel_shuffle", (("self", "T"),), (("groups", "i", None),))
CHOLESKY = Op("cholesky", (("self", "T"),), (("upper", "b", False),))
CHOLESKY_INVERSE = Op("cholesky_inverse", (("self", "T"),), (("upper", "b", False),))
CHOLESKY_SOLVE = Op("cholesky_solve", (("self", "T"), ("input2", "T")), (("upper", "b", False),))
CHUNK = Op("chunk", (("self", "T"),), (("chunks", "i", None), ("dim", "i", 0)), None)
CLAMP = Op("clamp", (("self", "T"), ("min", "O"), ("max", "O")), ())
CLAMP_MAX = Op("clamp_max", (("self", "T"), ("max", "O")), ())
CLAMP_MIN = Op("clamp_min", (("self", "T"), ("min", "O")), ())
CLIP_GRAD_WITH_NORM = Op("clip_grad_with_norm", (("self", "T"), ("total_norm", "T")), (("max_norm", "f", None),))
CLONE = Op("clone", (("self", "T"),), (("memory_format", "s", None),))
COL2IM = Op("col2im", (("self", "T"),), (("output_size", "I", None), ("kernel_size", "I", None), ("dilation", "I", None), ("padding", "I", None), ("stride", "I", None)))
COLUMN_STACK = Op("column_stack", (("tensors", "L"),), ())
COMBINATIONS = Op("combinations", (("self", "T"),), (("r", "i", 2), ("with_replacement", "b", False)))
CONSTANT_PAD_ND = Op("constant_pad_nd", (("self", "T"),), (("pad", "I", None), ("value", "S", None)))
CONTIGUOUS = Op("contiguous", (("self", "T"),), ())
CONV1D = Op("conv1d", (("input", "T"), ("weight", "T"), ("bias", "T")), (("stride", "I", None), ("padding", "I", None), ("dilation", "I", None), ("groups", "i", 1)))
CONV1D__PADDING = Op("conv1d.padding", (("input", "T"), ("weight", "T"), ("bias", "T")), (("stride", "I", None), ("padding", "s", None), ("dilation", "I", None), ("groups", "i", 1)))
CONV2D = Op("conv2d", (("input", "T"), ("weight", "T"), ("bias", "T")), (("stride", "I", None), ("padding", "I", None), ("dilation", "I", None), ("groups", "i", 1)))
CONV2D__PADDING = Op("conv2d.padding", (("input", "T"), ("weight", "T"), ("bias", "T")), (("stride", "I", None), ("padding", "s", None), ("dilation", "I", None), ("groups", "i", 1)))
CONV3D = Op("conv3d", (("input", "T"), ("weight", "T"), ("bias", "T")), (("stride", "I", None), ("padding", "I", None), ("dilation", "I", None), ("groups", "i", 1)))
CONV3D__PADDING = Op("conv3d.padding", (("input", "T"), ("weight", "T"), ("bias", "T")), (("stride", "I", None), ("padding", "s", None), ("dilation", "I", None), ("groups", "i", 1)))
CONV_TRANSPOSE1D = Op("conv_transpose1d", (("input", "T"), ("weight", "T"), ("bias", "T")), (("stride", "I", None), ("padding", "I", None), ("output_padding", "I", None), ("groups", "i", 1), ("dilation", "I", None)))
CONV_TRANSPOSE2D = Op("conv_transpose2d", (("input", "T"), ("weight", "T"), ("bias", "T")), (("stride", "I", None), ("padding", "I", None), ("output_padding", "I", None), ("groups", "i", 1), ("dilation", "I", None)))
CONV_TRANSPOSE3D = Op("conv_transpose3d", (("input", "T"), ("weight", "T"), ("bias", "T")), (("stride", "I", None), ("padding", "I", None), ("output_padding", "I", None), ("groups", "i", 1), ("dilation", "I", None)))
CONVOLUTION = Op("convolution", (("input", "T"), ("weight", "T"), ("bias", "T")), (("stride", "I", None), ("padding", "I", None), ("dilation", "I", None), ("transposed", "b", None), ("output_padding", "I", None), ("groups", "i", None)))
COPY = Op("copy", (("self", "T"), ("src", "O")), ())
COPYSIGN = Op("copysign", (("self", "T"), ("other", "O")), ())
CORRCOEF = Op("corrcoef", (("self", "T"),), ())
COS = Op("cos", (("self", "T"),), ())
COSH = Op("cosh", (("self", "T"),), ())
COSINE_EMBEDDING_LOSS = Op("cosine_embedding_loss", (("input1", "T"), ("input2", "T"), ("target", "T")), (("margin", "f", 0.0), ("reduction", "s", "mean")))
COSINE_SIMILARITY = Op("cosine_similarity", (("x1", "T"), ("x2", "T")), (("dim", "i", 1), ("eps", "f", 1e-08)))
COUNT_NONZERO = Op("count_nonzero", (("self", "T"),), (("dim", "I", None),))
COV = Op("cov", (("self", "T"), ("fweights", "T"), ("aweights", "T")), (("correction", "i", 1),))
CROSS = Op("cross", (("self", "T"), ("other", "T")), (("dim", "i", None),))
CROSS_ENTROPY = Op("cross_entropy", (("self", "T"), ("target", "T"), ("weight", "T")), (("reduction", "s", "mean"), ("ignore_index", "i", -100), ("label_smoothing", "f", 0.0)))
CTC_LOSS = Op("ctc_loss", (("log_probs", "T"), ("targets", "T"), ("input_lengths", "T"), ("target_lengths", "T")), (("blank", "i", 0), ("reduction", "s", "mean"), ("zero_infinity", "b", False)))
CUMMAX = Op("cummax", (("self", "T"),), (("dim", "i", None),), ("values", "indices"))
CUMMIN = Op("cummin", (("self", "T"),), (("dim", "i", None),), ("values", "indices"))
CUMPROD = Op("cumprod", (("self", "T"),), (("dim", "i", None), ("dtype", "d", None)))
CUMSUM = Op("cumsum", (("self", "T"),), (("dim", "i", None), ("dtype", "d", None)))
CUMULATIVE_TRAPEZOID__DX = Op("cumulative_trapezoid.dx", (("y", "T"),), (("dx", "f", 1.0), ("dim", "i", -1)))
CUMULATIVE_TRAPEZOID__X = Op("cumulative_trapezoid.x", (("y", "T"), ("x", "T")), (("dim", "i", -1),))
DEG2RAD = Op("deg2rad", (("self", "T"),), ())
DET = Op("det", (("self", "T"),), ())
DETACH = Op("detach", (("self", "T"),), ())
DIAG = Op("diag", (("self", "T"),), (("diagonal", "i", 0),))
DIAG_EMBED = Op("diag_embed", (("self", "T"),), (("offset", "i", 0), ("dim1", "i", -2), ("dim2", "i", -1)))
DIAGFLAT = Op("diagflat", (("self", "T"),), (("offset", "i", 0),))
DIAGONAL = Op("diagonal", (("self", "T"),), (("offset", "i", 0), ("dim1", "i", 0), ("dim2", "i", 1)), ("",), True)
DIAGONAL_SCATTER = Op("diagonal_scatter", (("self", "T"), ("src", "T")), (("offset", "i", 0), ("dim1", "i", 0), ("dim2", "i", 1)))
DIFF = Op("diff", (("self", "T"), ("prepend", "T"), ("append", "T")), (("n", "i", 1), ("dim", "i", -1)))
DIGAMMA = Op("digamma", (("self", "T"),), ())
DIST = Op("dist", (("self", "T"), ("other", "T")), (("p", "S", None),))
DIV = Op("div", (("self", "O"), ("other", "O")), (("rounding_mode", "s", None),))
DOT = Op("dot", (("self", "T"), ("tensor", "T")), ())
DROPOUT = Op("dropout", (("self", "T"),), (("p", "f", 0.5), ("training", "b", True)))
DROPOUT1D = Op("dropout1d", (("self", "T"),), (("p", "f", 0.5), ("training", "b", True)))
DROPOUT2D = Op("dropout2d", (("self", "T"),), (("p", "f", 0.5), ("training", "b", True)))
DROPOUT3D = Op("dropout3d", (("self", "T"),), (("p", "f", 0.5), ("training", "b", True)))
DSPLIT = Op("dsplit", (("self", "T"),), (("sections", "i", None),), None)
DSPLIT__INDICES = Op("dsplit.indices", (("self", "T"),), (("indices", "I", None),), None)
DSTACK = Op("dstack", (("tensors", "L"),), ())
EINSUM = Op("einsum", (("operands", "L"),), (("equation", "s", None),))
ELU = Op("elu", (("self", "T"),), (("alpha", "f", 1.0), ("scale", "f", 1.0), ("input_scale", "f", 1.0)))
EMBEDDING = Op("embedding", (("weight", "T"), ("indices", "T")), (("padding_idx", "i", None), ("max_norm", "f", None), ("norm_type", "f", 2.0), ("scale_grad_by_freq", "b", False), ("sparse", "b", False)))
EMBEDDING_BAG = Op("embedding_bag", (("weight", "T"), ("indices", "T"), ("offsets", "T"), ("per_sample_weights", "T")), (("max_norm", "f", None), ("norm_type", "f", 2.0), ("scale_grad_by_freq", "b", False), ("mode", "s", "mean"), ("sparse", "b", False), ("include_last_offset", "b", False), ("padding_idx", "i", None)))
EMPTY = Op("empty", (), (("size", "I", None), ("dtype", "d", None)))
EMPTY_LIKE = Op("empty_like", (("self", "T"),), (("dtype", "d", None),))
EMPTY_STRIDED = Op("empty_strided", (), (("size", "I", None), ("stride", "I", None), ("dtype", "d", None)))
EQ = Op("eq", (("self", "T"), ("other", "O")), ())
EQUAL = Op("equal", (("self", "T"), ("other", "T")), ())
ERF = Op("erf", (("self", "T"),), ())
ERFC = Op("erfc", (("self", "T"),), ())
ERFINV = Op("erfinv", (("self", "T"),), ())
EXP = Op("exp", (("self", "T"),), ())
EXP2 = Op("exp2", (("self", "T"),), ())
EXPAND = Op("expand", (("self", "T"),), (("size", "I", None),), ("",), True)
EXPAND_AS = Op("expand_as", (("self", "T"), ("other", "T")), ())
EXPM1 = Op("expm1", (("self", "T"),), ())
EXPONENTIAL = Op("exponential", (("self", "T"),), (("lambd", "f", 1.0),))
EYE = Op("eye", (), (("n", "i", None), ("m", "i", None), ("dtype", "d", None)))
FEATURE_ALPHA_DROPOUT = Op("feature_alpha_dropout", (("self", "T"),), (("p", "f", 0.5), ("training", "b", False)))
FEATURE_DROPOUT = Op("feature_dropout", (("self", "T"),), (("p", "f", None), ("training", "b", None)))
FILL = Op("fill", (("self", "T"), ("value", "O")), ())
FLATTEN = Op("flatten", (("self", "T"),), (("start_dim", "i", 0), ("end_dim", "i", -1)))
FLIP = Op("flip", (("self", "T"),), (("dims", "I", None),))
FLIPLR = Op("fliplr", (("self", "T"),), ())
FLIPUD = Op("flipud", (("self", "T"),), ())
FLOAT_POWER = Op("float_power", (("self", "O"), ("exponent", "O")), ())
FLOOR = Op("floor", (("self", "T"),), ())
FLOOR_DIVIDE = Op("floor_divide", (("self", "O"), ("other", "O")), ())
FMAX = Op("fmax", (("self", "T"), ("other", "T")), ())
FMIN = Op("fmin", (("self", "T"), ("other", "T")), ())
FMOD = Op("fmod", (("self", "O"), ("other", "O")), ())
FRAC = Op("frac", (("self", "T"),), ())
FREXP = Op("frexp", (("self", "T"),), (), ("mantissa", "exponent"))
FULL = Op("full", (), (("size", "I", None), ("fill_value", "S", None), ("dtype", "d", None)))
FULL_LIKE = Op("full_like", (("self", "T"),), (("fill_value", "S", None), ("dtype", "d", None)))
GATHER = Op("gather", (("self", "T"), ("index", "T")), (("dim", "i", None),))
GAUSSIAN_NLL_LOSS = Op("gaussian_nll_loss", (("input", "T"), ("target", "T"), ("var", "O")), (("full", "b", False), ("eps", "f", 1e-06), ("reduction", "s", "mean")))
GCD = Op("gcd", (("self", "T"), ("other", "T")), ())
GE = Op("ge", (("self", "T"), ("other", "O")), ())
GELU = Op("gelu", (("self", "T"),), (("approximate", "s", "none"),))
GEOMETRIC = Op("geometric", (("self", "T"),), (("p", "f", None),))
GET_TOTAL_NORM = Op("get_total_norm", (("tensors", "L"),), (("norm_type", "f", 2.0), ("error_if_nonfinite", "b", False)))
GLU = Op("glu", (("self", "T"),), (("dim", "i", -1),))
GRID_SAMPLE = Op("grid_sample", (("input", "T"), ("grid", "T")), (("mode", "s", "bilinear"), ("padding_mode", "s", "zeros"), ("align_corners", "b", None)))
GROUP_NORM = Op("group_norm", (("input", "T"), ("weight", "T"), ("bias", "T")), (("num_groups", "i", None), ("eps", "f", 1e-05)))
GRU_CELL = Op("gru_cell", (("input", "T"), ("hx", "T"), ("w_ih", "T"), ("w_hh", "T"), ("b_ih", "T"), ("b_hh", "T")), ())
GT = Op("gt", (("self", "T"), ("other", "O")), ())
GUMBEL_SOFTMAX = Op("gumbel_softmax", (("logits", "T"),), (("tau", "f", 1.0), ("hard", "b", False), ("eps", "f", 1e-10), ("dim", "i", -1)))
HAMMING_WINDOW = Op("hamming_window", (), (("window_length", "i", None), ("periodic", "b", True), ("alpha", "f", 0.54), ("beta", "f", 0.46), ("dtype", "d", None)))
HANN_WINDOW = Op("hann_window", (), (("window_length", "i", None), ("periodic", "b", True), ("dtype", "d", None)))
HARDSHRINK = Op("hardshrink", (("self", "T"),), (("lambd", "f", 0.5),))
HARDSIGMOID = Op("hardsigmoid", (("self", "T"),), ())
HARDSWISH = Op("hardswish", (("self", "T"),), ())
HARDTANH = Op("hardtanh", (("self", "T"),), (("min_val", "S", None), ("max_val", "S", None)))
HEAVISIDE = Op("heaviside", (("self", "T"), ("values", "T")), ())
HINGE_EMBEDDING_LOSS = Op("hinge_embedding_loss", (("self", "T"), ("target", "T")), (("margin", "f", 1.0), ("reduction", "s", "mean")))
HISTC = Op("histc", (("self", "T"),), (("bins", "i", 100), ("min", "S", None), ("max", "S", None)))
HSPLIT = Op("hsplit", (("self", "T"),), (("sections", "i", None),), None)
HSPLIT__INDICES = Op("hsplit.indices", (("self", "T"),), (("indices", "I", None),), None)
HSTACK = Op("hstack", (("tensors", "L"),), ())
HUBER_LOSS = Op("huber_loss", (("self", "T"), ("target", "T")), (("reduction", "s", "mean"), ("delta", "f", 1.0)))
HYPOT = Op("hypot", (("self", "T"), ("other", "T")), ())
I0 = Op("i0", (("self", "T"),), ())
IGAMMA = Op("igamma", (("self", "T"), ("other", "T")), ())
IGAMMAC = Op("igammac", (("self", "T"), ("other", "T")), ())
IM2COL = Op("im2col", (("self", "T"),), (("kernel_size", "I", None), ("dilation", "I", None), ("padding", "I", None), ("stride", "I", None)))
INDEX = Op("index", (("self", "T"), ("indices", "L")), ())
INDEX_ADD = Op("index_add", (("self", "T"), ("index", "T"), ("source", "T")), (("dim", "i", None), ("alpha", "S", None)))
INDEX_COPY = Op("index_copy", (("self", "T"), ("index", "T"), ("source", "T")), (("dim", "i", None),))
INDEX_FILL = Op("index_fill", (("self", "T"), ("index", "T"), ("value", "O")), (("dim", "i", None),))
INDEX_PUT = Op("index_put", (("self", "T"), ("indices", "L"), ("values", "T")), (("accumulate", "b", False),))
INDEX_REDUCE = Op("index_reduce", (("self", "T"), ("index", "T"), ("source", "T")), (("dim", "i", None), ("reduce", "s", None), ("include_self", "b", True)))
INDEX_SELECT = Op("index_select", (("self", "T"), ("index", "T")), (("dim", "i", None),))
INNER = Op("inner", (("self", "T"), ("other", "T")), ())
INSTANCE_NORM = Op("instance_norm", (("input", "T"), ("running_mean", "T"), ("running_var", "T"), ("weight", "T"), ("bias", "T")), (("use_input_stats", "b", True), ("momentum", "f", 0.1), ("eps", "f", 1e-05)))
INTERPOLATE = Op("interpolate", (("input", "T"),), (("size", "I", None), ("scale_factor", "f", None), ("mode", "s", "nearest"), ("align_corners", "b", None), ("recompute_scale_factor", "b", None), ("antialias", "b", False)))
INVERSE = Op("inverse", (("self", "T"),), ())
ISCLOSE = Op("isclose", (("self", "T"), ("other", "T")), (("rtol", "f", 1e-05), ("atol", "f", 1e-08), ("equal_nan", "b", False)))
ISFINITE = Op("isfinite", (("self", "T"),), ())
ISIN = Op("isin", (("self", "O"), ("test_elements", "O")), (("assume_unique", "b", False), ("invert", "b", False)))
ISINF = Op("isinf", (("self", "T"),), ())
ISNAN = Op("isnan", (("self", "T"),), ())
ISNEGINF = Op("isneginf", (("self", "T"),), ())
ISPOSINF = Op("isposinf", (("self", "T"),), ())
KL_DIV = Op("kl_div", (("self", "T"), ("target", "T")), (("reduction", "s", "mean"), ("log_target", "b", False)))
KRON = Op("kron", (("self", "T"), ("other", "T")), ())
KTHVALUE = Op("kthvalue", (("self", "T"),), (("k", "i", None), ("dim", "i", -1), ("keepdim", "b", False)), ("values", "indices"))
L1_LOSS = Op("l1_loss", (("self", "T"), ("target", "T")), (("reduction", "s", "mean"),))
LAYER_NORM = Op("layer_norm", (("input", "T"), ("weight", "T"), ("bias", "T")), (("normalized_shape", "I", None), ("eps", "f", 1e-05)))
LCM = Op("lcm", (("self", "T"), ("other", "T")), ())
LDEXP = Op("ldexp", (("self", "T"), ("other", "T")), ())
LE = Op("le", (("self", "T"), ("other", "O")), ())
LEAKY_RELU = Op("leaky_relu", (("self", "T"),), (("negative_slope", "f", 0.01),))
LERP = Op("lerp", (("self", "T"), ("end", "T"), ("weight", "O")), ())
LGAMMA = Op("lgamma", (("self", "T"),), ())
LINALG_CHOLESKY = Op("linalg_cholesky", (("self", "T"),), (("upper", "b", False),))
LINALG_CHOLESKY_EX = Op("linalg_cholesky_ex", (("self", "T"),), (("upper", "b", False), ("check_errors", "b", False)), ("L", "info"))
LINALG_COND = Op("linalg_cond", (("self", "T"),), (("p", "S", None),))
LINALG_COND__P_STR = Op("linalg_cond.p_str", (("self", "T"),), (("p", "s", None),))
LINALG_CROSS = Op("linalg_cross", (("self", "T"), ("other", "T")), (("dim", "i", -1),))
LINALG_DET = Op("linalg_det", (("self", "T"),), ())
LINALG_DIAGONAL = Op("linalg_diagonal", (("A", "T"),), (("offset", "i", 0), ("dim1", "i", -2), ("dim2", "i", -1)))
LINALG_EIGH = Op("linalg_eigh", (("self", "T"),), (("uplo", "s", "L"),), ("eigenvalues", "eigenvectors"))
LINALG_EIGVALSH = Op("linalg_eigvalsh", (("self", "T"),), (("uplo", "s", "L"),))
LINALG_HOUSEHOLDER_PRODUCT = Op("linalg_householder_product", (("self", "T"), ("tau", "T")), ())
LINALG_INV = Op("linalg_inv", (("self", "T"),), ())
LINALG_INV_EX = Op("linalg_inv_ex", (("self", "T"),), (("check_errors", "b", False),), ("inverse", "info"))
LINALG_LSTSQ = Op("linalg_lstsq", (("self", "T"), ("B", "T")), (("rcond", "f", None), ("driver", "s", None)), ("solution", "residuals", "rank", "singular_values"))
LINALG_LU = Op("linalg_lu", (("self", "T"),), (("pivot", "b", True),), ("P", "L", "U"))
LINALG_LU_FACTOR = Op("linalg_lu_factor", (("self", "T"),), (("pivot", "b", True),), ("LU", "pivots"))
LINALG_LU_FACTOR_EX = Op("linalg_lu_factor_ex", (("self", "T"),), (("pivot", "b", True), ("check_errors", "b", False)), ("LU", "pivots", "info"))
LINALG_LU_SOLVE = Op("linalg_lu_solve", (("LU", "T"), ("pivots", "T"), ("B", "T")), (("left", "b", True), ("adjoint", "b", False)))
LINALG_MATRIX_NORM = Op("linalg_matrix_norm", (("self", "T"),), (("ord", "S", None), ("dim", "I", None), ("keepdim", "b", False), ("dtype", "d", None)))
LINALG_MATRIX_NORM__STR_ORD = Op("linalg_matrix_norm.str_ord", (("self", "T"),), (("ord", "s", "fro"), ("dim", "I", None), ("keepdim", "b", False), ("dtype", "d", None)))
LINALG_MATRIX_POWER = Op("linalg_matrix_power", (("self", "T"),), (("n", "i", None),))
LINALG_MATRIX_RANK = Op("linalg_matrix_rank", (("self", "T"), ("atol", "O"), ("rtol", "O")), (("hermitian", "b", False),))
LINALG_MULTI_DOT = Op("linalg_multi_dot", (("tensors", "L"),), ())
LINALG_NORM = Op("linalg_norm", (("self", "T"),), (("ord", "S", None), ("dim", "I", None), ("keepdim", "b", False), ("dtype", "d", None)))
LINALG_NORM__ORD_STR = Op("linalg_norm.ord_str", (("self", "T"),), (("ord", "s", None), ("dim", "I", None), ("keepdim", "b", False), ("dtype", "d", None)))
LINALG_PINV = Op("linalg_pinv", (("self", "T"), ("atol", "O"), ("rtol", "O")), (("hermitian", "b", False),))
LINALG_QR = Op("linalg_qr", (("self", "T"),), (("mode", "s", "reduced"),), ("Q", "R"))
LINALG_SLOGDET = Op("linalg_slogdet", (("self", "T"),), (), ("sign", "logabsdet"))
LINALG_SOLVE = Op("linalg_solve", (("self", "T"), ("B", "T")), (("left", "b", True),))
LINALG_SOLVE_TRIANGULAR = Op("linalg_solve_triangular", (("self", "T"), ("B", "T")), (("upper", "b", None), ("left", "b", True), ("unitriangular", "b", False)))
LINALG_SVD = Op("linalg_svd", (("self", "T"),), (("full_matrices", "b", True), ("driver", "s", None)), ("U", "S", "Vh"))
LINALG_SVDVALS = Op("linalg_svdvals", (("self", "T"),), (("driver", "s", None),))
LINALG_TENSORINV = Op("linalg_tensorinv", (("self", "T"),), (("ind", "i", 2),))
LINALG_TENSORSOLVE = Op("linalg_tensorsolve", (("self", "T"), ("other", "T")), (("dims", "I", None),))
LINALG_VANDER = Op("linalg_vander", (("x", "T"),), (("n", "i", None),))
LINALG_VECDOT = Op("linalg_vecdot", (("x", "T"), ("y", "T")), (("dim", "i", -1),))
LINALG_VECTOR_NORM = Op("linalg_vector_norm", (("self", "T"),), (("ord", "S", None), ("dim", "I", None), ("keepdim", "b", False), ("dtype", "d", None)))
LINEAR = Op("linear", (("input", "T"), ("weight", "T"), ("bias", "T")), ())
LINSPACE = Op("linspace", (), (("start", "S", None), ("end", "S", None), ("steps", "i", None), ("dtype", "d", None)))
LINSPACE__TENSOR_TENSOR = Op("linspace.Tensor_Tensor", (("start", "T"), ("end", "T")), (("steps", "i", None), ("dtype", "d", None)))
LOCAL_RESPONSE_NORM = Op("local_response_norm", (("input", "T"),), (("size", "i", None), ("alpha", "f", 0.0001), ("beta", "f", 0.75), ("k", "f", 1.0)))
LOG = Op("log", (("self", "T"),), ())
LOG10 = Op("log10", (("self", "T"),), ())
LOG1P = Op("log1p", (("self", "T"),), ())
LOG2 = Op("log2", (("self", "T"),), ())
LOG_NORMAL = Op("log_normal", (("self", "T"),), (("mean", "f", 1.0), ("std", "f", 2.0)))
LOG_SOFTMAX = Op("log_softmax", (("self", "T"),), (("dim", "i", None), ("dtype", "d", None)))
LOGADDEXP = Op("logaddexp", (("self", "T"), ("other", "T")), ())
LOGADDEXP2 = Op("logaddexp2", (("self", "T"), ("other", "T")), ())
LOGCUMSUMEXP = Op("logcumsumexp", (("self", "T"),), (("dim", "i", None),))
LOGDET = Op("logdet", (("self", "T"),), ())
LOGICAL_AND = Op("logical_and", (("self", "T"), ("other", "T")), ())
LOGICAL_NOT = Op("logical_not", (("self", "T"),), ())
LOGICAL_OR = Op("logical_or", (("self", "T"), ("other", "T")), ())
LOGICAL_XOR = Op("logical_xor", (("self", "T"), ("other", "T")), ())
LOGIT = Op("logit", (("self", "T"),), (("eps", "f", None),))
LOGSIGMOID = Op("logsigmoid", (("self", "T"),), ())
LOGSPACE = Op("logspace", (), (("start", "S", None), ("end", "S", None), ("steps", "i", None), ("base", "f", 10.0), ("dtype", "d", None)))
LOGSUMEXP = Op("logsumexp", (("self", "T"),), (("dim", "I", None), ("keepdim", "b", False)))
LP_POOL1D = Op("lp_pool1d", (("input", "T"),), (("norm_type", "f", None), ("kernel_size", "I", None), ("stride", "I", None), ("ceil_mode", "b", False)))
LP_POOL2D = Op("lp_pool2d", (("input", "T"),), (("norm_type", "f", None), ("kernel_size", "I", None), ("stride", "I", None), ("ceil_mode", "b", False)))
LP_POOL3D = Op("lp_pool3d", (("input", "T"),), (("norm_type", "f", None), ("kernel_size", "I", None), ("stride", "I", None), ("ceil_mode", "b", False)))
LSTM_CELL = Op("lstm_cell", (("input", "T"), ("hx", "T"), ("cx", "T"), ("w_ih", "T"), ("w_hh", "T"), ("b_ih", "T"), ("b_hh", "T")), (), ("hy", "cy"))
LT = Op("lt", (("self", "T"), ("other", "O")), ())
LU_UNPACK = Op("lu_unpack", (("LU_data", "T"), ("LU_pivots", "T")), (("unpack_data", "b", True), ("unpack_pivots", "b", True)), ("P", "L", "U"))
MT = Op("mT", (("self", "T"),), ())
MARGIN_RANKING_LOSS = Op("margin_ranking_loss", (("input1", "T"), ("input2", "T"), ("target", "T")), (("margin", "f", 0.0), ("reduction", "s", "mean")))
MASKED_FILL = Op("masked_fill", (("self", "T"), ("mask", "T"), ("value", "O")), ())
MASKED_SCATTER = Op("masked_scatter", (("self", "T"), ("mask", "T"), ("source", "T")), ())
MASKED_SELECT = Op("masked_select", (("self", "T"), ("mask", "T")), ())
MATMUL = Op("matmul", (("self", "T"), ("other", "T")), ())
MATRIX_H = Op("matrix_H", (("self", "T"),), ())
MATRIX_POWER = Op("matrix_power", (("self", "T"),), (("n", "i", None),))
MAX = Op("max", (("self", "T"),), ())
MAX__DIM = Op("max.dim", (("self", "T"),), (("dim", "i", None), ("keepdim", "b", False)), ("values", "indices"))
MAX__OTHER = Op("max.other", (("self", "T"), ("other", "T")), ())
MAX_POOL1D = Op("max_pool1d", (("self", "T"),), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("dilation", "I", None), ("ceil_mode", "b", False)))
MAX_POOL1D_WITH_INDICES = Op("max_pool1d_with_indices", (("self", "T"),), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("dilation", "I", None), ("ceil_mode", "b", False)), ("output", "indices"))
MAX_POOL2D = Op("max_pool2d", (("self", "T"),), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("dilation", "I", None), ("ceil_mode", "b", False)))
MAX_POOL2D_WITH_INDICES = Op("max_pool2d_with_indices", (("self", "T"),), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("dilation", "I", None), ("ceil_mode", "b", False)), ("output", "indices"))
MAX_POOL3D = Op("max_pool3d", (("self", "T"),), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("dilation", "I", None), ("ceil_mode", "b", False)))
MAX_POOL3D_WITH_INDICES = Op("max_pool3d_with_indices", (("self", "T"),), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("dilation", "I", None), ("ceil_mode", "b", False)), ("output", "indices"))
MAX_UNPOOL1D = Op("max_unpool1d", (("input", "T"), ("indices", "T")), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("output_size", "I", None)))
MAX_UNPOOL2D = Op("max_unpool2d", (("input", "T"), ("indices", "T")), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("output_size", "I", None)))
MAX_UNPOOL3D = Op("max_unpool3d", (("input", "T"), ("indices", "T")), (("kernel_size", "I", None), ("stride", "I", None), ("padding", "I", None), ("output_size", "I", None)))
MAXIMUM = Op("maximum", (("self", "T"), ("other", "T")), ())
MEAN = Op("mean", (("self", "T"),), (("dim", "I", None), ("keepdim", "b", False), ("dtype", "d", None)))
MEDIAN = Op("median", (("self", "T"),), ())
MEDIAN__DIM = Op("median.dim", (("self", "T"),), (("dim", "i", None), ("keepdim", "b", False)), ("values", "indices"))
MESHGRID = Op("meshgrid", (("tensors", "L"),), (("indexing", "s", "ij"),), None)
MIN = Op("min", (("self", "T"),), ())
MIN__DIM = Op("min.dim", (("self", "T"),), (("dim", "i", None), ("keepdim", "b", False)), ("values", "indices"))
MIN__OTHER = Op("min.other", (("self", "T"), ("other", "T")), ())
MINIMUM = Op("minimum", (("self", "T"), ("other", "T")), ())
MISH = Op("mish", (("self", "T"),), ())
MM = Op("mm", (("self", "T"), ("mat2", "T")), ())
MODE = Op("mode", (("self", "T"),), (("dim", "i", -1), ("keepdim", "b", False)), ("values", "indices"))
MOVEDIM = Op("movedim", (("self", "T"),), (("source", "I", None), ("destination", "I", None)))
MSE_LOSS = Op("mse_loss", (("self", "T"), ("target", "T")), (("reduction", "s", "mean"),))
MUL = Op("mul", (("self", "O"), ("other", "O")), ())
MULTI_MARGIN_LOSS = Op("multi_margin_loss", (("self", "T"), ("target", "T"), ("weight", "T")), (("p", "S", None), ("margin", "S", None), ("reduction", "s", "mean")))
MULTILABEL_MARGIN_LOSS = Op("multilabel_margin_loss", (("self", "T"), ("target", "T")), (("reduction", "s", "mean"),))
MULTILABEL_SOFT_MARGIN_LOSS = Op("multilabel_soft_margin_loss", (("self", "T"), ("target", "T"), ("weight", "T")), (("reduction", "s", "mean"),))
MULTINOMIAL = Op("multinomial", (("self", "T"),), (("num_samples", "i", None), ("replacement", "b", False)))
MV = Op("mv", (("self", "T"), ("vec", "T")), ())
MVLGAMMA = Op("mvlgamma", (("self", "T"),), (("p", "i", None),))
NAN_TO_NUM = Op("nan_to_num", (("self", "T"),), (("nan", "f", None), ("posinf", "f", None), ("neginf", "f", None)))
NANMEAN = Op("nanmean", (("self", "T"),), (("dim", "I", None), ("keepdim", "b", False), ("dtype", "d", None)))
NANMEDIAN = Op("nanmedian", (("self", "T"),), ())
NANMEDIAN__DIM = Op("nanmedian.dim", (("self", "T"),), (("dim", "i", None), ("keepdim", "b", False)), ("values", "indices"))
NANQUANTILE = Op("nanquantile", (("self", "T"), ("q", "O")), (("dim", "i", None), ("keepdim", "b", False), ("interpolation", "s", "linear")))
NANSUM = Op("nansum", (("self", "T"),), (("dim", "I", None), ("keepdim", "b", False), ("dtype", "d", None)))
NARROW = Op("narrow", (("self", "T"),), (("dim", "i", None), ("start", "i", None), ("length", "i", None)))
NARROW__TENSOR = Op("narrow.Tensor", (("self", "T"), ("start", "T")), (("dim", "i", None), ("length", "i", None)))
NE = Op("ne", (("self", "T"), ("other", "O")), ())
NEG = Op("neg", (("self", "T"),), ())
NEW_EMPTY = Op("new_empty", (("self", "T"),), (("size", "I", None), ("dtype", "d", None)))
NEW_FULL = Op("new_full", (("self", "T"),), (("size", "I", None), ("fill_value", "S", None), ("dtype", "d", None)))
NEW_ONES = Op("new_ones", (("self", "T"),), (("size", "I", None), ("dtype", "d", None)))
NEW_ZEROS = Op("new_zeros", (("self", "T"),), (("size", "I", None), ("dtype", "d", None)))
NEXTAFTER = Op("nextafter", (("self", "T"), ("other", "T")), ())
NLL_LOSS = Op("nll_loss", (("self", "T"), ("target", "T"), ("weight", "T")), (("reduction", "s", "mean"), ("ignore_index", "i", -100)))
NONZERO = Op("nonzero", (("self", "T"),), ())
NONZERO_NUMPY = Op("nonzero_numpy", (("self", "T"),), (), None)
NORM = Op("norm", (("self", "T"),), (("p", "S", None), ("dim", "I", None), ("keepdim", "b", False), ("dtype", "d", None)))
NORM__FRO = Op("norm.fro", (("self", "T"),), (("p", "s", None), ("dim", "I", None), ("keepdim", "b", False), ("dtype", "d", None)))
NORMAL = Op("normal", (("self", "T"),), (("mean", "f", 0.0), ("std", "f", 1.0)))
NORMAL__FLOAT_FLOAT = Op("normal.float_float", (), (("mean", "f", None), ("std", "f", None), ("size", "I", None), ("dtype", "d", None)))
NORMALIZE = Op("normalize", (("input", "T"),), (("p", "f", 2.0), ("dim", "i", 1), ("eps", "f", 1e-12)))
NUMPY_T = Op("numpy_T", (("self", "T"),), ())
ONE_HOT = Op("one_hot", (("self", "T"),), (("num_classes", "i", -1),))
ONES = Op("ones", (), (("size", "I", None), ("dtype", "d", None)))
ONES_LIKE = Op("ones_like", (("self", "T"),), (("dtype", "d", None),))
OUTER = Op("outer", (("self", "T"), ("vec2", "T")), ())
PAD = Op("pad", (("self", "T"),), (("pad", "I", None), ("mode", "s", "constant"), ("value", "S", None)))
PAIRWISE_DISTANCE = Op("pairwise_distance", (("x1", "T"), ("x2", "T")), (("p", "f", 2.0), ("eps", "f", 1e-06), ("keepdim", "b", False)))
PDIST = Op("pdist", (("self", "T"),), (("p", "f", 2.0),))
PERMUTE = Op("permute", (("self", "T"),), (("dims", "I", None),), ("",), True)
PINVERSE = Op("pinverse", (("self", "T"),), (("rcond", "f", 1e-15),))
PIXEL_SHUFFLE = Op("pixel_shuffle", (("self", "T"),), (("upscale_factor", "i", None),))
PIXEL_UNSHUFFLE = Op("pixel_unshuffle", (("self", "T"),), (("downscale_factor", "i", None),))
POISSON = Op("poisson", (("self", "T"),), ())
POISSON_NLL_LOSS = Op("poisson_nll_loss", (("input", "T"), ("target", "T")), (("log_input", "b", True), ("full", "b", False), ("eps", "f", 1e-08), ("reduction", "s", "mean")))
POLYGAMMA = Op("polygamma", (("self", "T"),), (("n", "i", None),))
POSITIVE = Op("positive", (("self", "T"),), ())
POW = Op("pow", (("self", "O"), ("exponent", "O")), ())
PRELU = Op("prelu", (("self", "T"), ("weight", "T")), ())
PROD = Op("prod", (("self", "T"),), (("dtype", "d", None),))
PROD__DIM_INT = Op("prod.dim_int", (("self", "T"),), (("dim", "i", None), ("keepdim", "b", False), ("dtype", "d", None)))
PUT = Op("put", (("self", "T"), ("index", "T"), ("source", "T")), (("accumulate", "b", False),))
QR = Op("qr", (("self", "T"),), (("some", "b", True),), ("Q", "R"))
QUANTILE = Op("quantile", (("self", "T"), ("q", "O")), (("dim", "i", None), ("keepdim", "b", False), ("interpolation", "s", "linear")))
RAD2DEG = Op("rad2deg", (("self", "T"),), ())
RAND = Op("rand", (), (("size", "I", None), ("dtype", "d", None)))
RAND_LIKE = Op("rand_like", (("self", "T"),), (("dtype", "d", None),))
RANDINT = Op("randint", (), (("high", "i", None), ("size", "I", None), ("dtype", "d", None)))
RANDINT__LOW = Op("randint.low", (), (("low", "i", None), ("high", "i", None), ("size", "I", None), ("dtype", "d", None)))
RANDINT_LIKE = Op("randint_like", (("self", "T"),), (("high", "i", None), ("dtype", "d", None)))
RANDINT_LIKE__LOW_DTYPE = Op("randint_like.low_dtype", (("self", "T"),), (("low", "i", None), ("high", "i", None), ("dtype", "d", None)))
RANDN = Op("randn", (), (("size", "I", None), ("dtype", "d", None)))
RANDN_LIKE = Op("randn_like", (("self", "T"),), (("dtype", "d", None),))
RANDPERM = Op("randperm", (), (("n", "i", None), ("dtype", "d", None)))
RAVEL = Op("ravel", (("self", "T"),), ())
RECIPROCAL = Op("reciprocal", (("self", "T"),), ())
RELU = Op("relu", (("self", "T"),), ())
RELU6 = Op("relu6", (("self", "T"),), ())
REMAINDER = Op("remainder", (("self", "O"), ("other", "O")), ())
RENORM = Op("renorm", (("self", "T"),), (("p", "S", None), ("dim", "i", None), ("maxnorm", "S", None)))
REPEAT = Op("repeat", (("self", "T"),), (("repeats", "I", None),))
REPEAT_INTERLEAVE = Op("repeat_interleave", (("self", "T"),), (("repeats", "i", None), ("dim", "i", None)))
REPEAT_INTERLEAVE__SELF_TENSOR = Op("repeat_interleave.self_Tensor", (("self", "T"), ("repeats", "T")), (("dim", "i", None),))
RESHAPE = Op("reshape", (("self", "T"),), (("shape", "I", None),))
RESHAPE_AS = Op("reshape_as", (("self", "T"), ("other", "T")), ())
RMS_NORM = Op("rms_norm", (("input", "T"), ("weight", "T")), (("normalized_shape", "I", None), ("eps", "f", None)))
RNN_RELU_CELL = Op("rnn_relu_cell", (("input", "T"), ("hx", "T"), ("w_ih", "T"), ("w_hh", "T"), ("b_ih", "T"), ("b_hh", "T")), ())
RNN_TANH_CELL = Op("rnn_tanh_cell", (("input", "T"), ("hx", "T"), ("w_ih", "T"), ("w_hh", "T"), ("b_ih", "T"), ("b_hh", "T")), ())
ROLL = Op("roll", (("self", "T"),), (("shifts", "I", None), ("dims", "I", None)))
ROT90 = Op("rot90", (("self", "T"),), (("k", "i", 1), ("dims", "I", None)))
ROUND = Op("round", (("self", "T"),), (("decimals", "i", 0),))
RRELU = Op("rrelu", (("self", "T"),), (("lower", "f", 0.125), ("upper", "f", 0.3333333333333333), ("training", "b", False)))
RSQRT = Op("rsqrt", (("self", "T"),), ())
RSUB = Op("rsub", (("self", "T"), ("other", "O")), (("alpha", "S", None),))
SCALED_DOT_PRODUCT_ATTENTION = Op("scaled_dot_product_attention", (("query", "T"), ("key", "T"), ("value", "T"), ("attn_mask", "T")), (("dropout_p", "f", 0.0), ("is_causal", "b", False), ("scale", "f", None), ("enable_gqa", "b", False)))
SCATTER = Op("scatter", (("self", "T"), ("index", "T"), ("src", "T")), (("dim", "i", None),))
SCATTER__REDUCE = Op("scatter.reduce", (("self", "T"), ("index", "T"), ("src", "T")), (("dim", "i", None), ("reduce", "s", None)))
SCATTER__VALUE = Op("scatter.value", (("self", "T"), ("index", "T")), (("dim", "i", None), ("value", "S", None)))
SCATTER__VALUE_REDUCE = Op("scatter.value_reduce", (("self", "T"), ("index", "T")), (("dim", "i", None), ("value", "S", None), ("reduce", "s", None)))
SCATTER_ADD = Op("scatter_add", (("self", "T"), ("index", "T"), ("src", "T")), (("dim", "i", None),))
SCATTER_REDUCE = Op("scatter_reduce", (("self", "T"), ("index", "T"), ("src", "T")), (("dim", "i", None), ("reduce", "s", None), ("include_self", "b", True)))
SEARCHSORTED = Op("searchsorted", (("sorted_sequence", "T"), ("self", "O"), ("sorter", "T")), (("out_int32", "b", False), ("right", "b", False), ("side", "s", None)))
SELECT = Op("select", (("self", "T"),), (("dim", "i", None), ("index", "i", None)), ("",), True)
SELECT_SCATTER = Op("select_scatter", (("self", "T"), ("src", "T")), (("dim", "i", None), ("index", "i", None)))
SELU = Op("selu", (("self", "T"),), ())
SGN = Op("sgn", (("self", "T"),), ())
SIGMOID = Op("sigmoid", (("self", "T"),), ())
SIGN = Op("sign", (("self", "T"),), ())
SIGNBIT = Op("signbit", (("self", "T"),), ())
SILU = Op("silu", (("self", "T"),), ())
SIN = Op("sin", (("self", "T"),), ())
SINC = Op("sinc", (("self", "T"),), ())
SINH = Op("sinh", (("self", "T"),), ())
SLICE = Op("slice", (("self", "T"),), (("dim", "i", 0), ("start", "i", None), ("end", "i", None), ("step", "i", 1)), ("",), True)
SLICE_SCATTER = Op("slice_scatter", (("self", "T"), ("src", "T")), (("dim", "i", 0), ("start", "i", None), ("end", "i", None), ("step", "i", 1)))
SLOGDET = Op("slogdet", (("self", "T"),), (), ("sign", "logabsdet"))
SMOOTH_L1_LOSS = Op("smooth_l1_loss", (("self", "T"), ("target", "T")), (("reduction", "s", "mean"), ("beta", "f", 1.0)))
SOFT_MARGIN_LOSS = Op("soft_margin_loss", (("self", "T"), ("target", "T")), (("reduction", "s", "mean"),))
SOFTMAX = Op("softmax", (("self", "T"),), (("dim", "i", None), ("dtype", "d", None)))
SOFTMIN = Op("softmin", (("self", "T"),), (("dim", "i", None), ("dtype", "d", None)))
SOFTPLUS = Op("softplus", (("self", "T"),), (("beta", "f", 1.0), ("threshold", "f", 20.0)))
SOFTSHRINK = Op("softshrink", (("self", "T"),), (("lambd", "f", 0.5),))
SOFTSIGN = Op("softsign", (("self", "T"),), ())
SORT = Op("sort", (("self", "T"),), (("dim", "i", -1), ("descending", "b", False)), ("values", "indices"))
SORT__STABLE = Op("sort.stable", (("self", "T"),), (("stable", "b", None), ("dim", "i", -1), ("descending", "b", False)), ("values", "indices"))
SPECIAL_BESSEL_J0 = Op("special_bessel_j0", (("self", "T"),), ())
SPECIAL_BESSEL_J1 = Op("special_bessel_j1", (("self", "T"),), ())
SPECIAL_BESSEL_Y0 = Op("special_bessel_y0", (("self", "T"),), ())
SPECIAL_BESSEL_Y1 = Op("special_bessel_y1", (("self", "T"),), ())
SPECIAL_ENTR = Op("special_entr", (("self", "T"),), ())
SPECIAL_ERFCX = Op("special_erfcx", (("self", "T"),), ())
SPECIAL_I0E = Op("special_i0e", (("self", "T"),), ())
SPECIAL_I1 = Op("special_i1", (("self", "T"),), ())
SPECIAL_I1E = Op("special_i1e", (("self", "T"),), ())
SPECIAL_LOG_NDTR = Op("special_log_ndtr", (("self", "T"),), ())
SPECIAL_MODIFIED_BESSEL_I0 = Op("special_modified_bessel_i0", (("self", "T"),), ())
SPECIAL_MODIFIED_BESSEL_I1 = Op("special_modified_bessel_i1", (("self", "T"),), ())
SPECIAL_MODIFIED_BESSEL_K0 = Op("special_modified_bessel_k0", (("self", "T"),), ())
SPECIAL_MODIFIED_BESSEL_K1 = Op("special_modified_bessel_k1", (("self", "T"),), ())
SPECIAL_NDTR = Op("special_ndtr", (("self", "T"),), ())
SPECIAL_NDTRI = Op("special_ndtri", (("self", "T"),), ())
SPECIAL_SCALED_MODIFIED_BESSEL_K0 = Op("special_scaled_modified_bessel_k0", (("self", "T"),), ())
SPECIAL_SCALED_MODIFIED_BESSEL_K1 = Op("special_scaled_modified_bessel_k1", (("self", "T"),), ())
SPECIAL_SPHERICAL_BESSEL_J0 = Op("special_spherical_bessel_j0", (("self", "T"),), ())
SPECIAL_XLOG1PY = Op("special_xlog1py", (("self", "O"), ("other", "O")), ())
SPECIAL_ZETA = Op("special_zeta", (("self", "O"), ("other", "O")), ())
SPLIT = Op("split", (("self", "T"),), (("split_size", "i", None), ("dim", "i", 0)), None, True)
SPLIT__SIZES = Op("split.sizes", (("self", "T"),), (("split_size", "I", None), ("dim", "i", 0)), None)
SPLIT_WITH_SIZES = Op("split_with_sizes", (("self", "T"),), (("split_sizes", "I", None), ("dim", "i", 0)), None, True)
SQRT = Op("sqrt", (("self", "T"),), ())
SQUARE = Op("square", (("self", "T"),), ())
SQUEEZE = Op("squeeze", (("self", "T"),), (), ("",), True)
SQUEEZE__DIM = Op("squeeze.dim", (("self", "T"),), (("dim", "i", None),), ("",), True)
SQUEEZE__DIMS = Op("squeeze.dims", (("self", "T"),), (("dim", "I", None),), ("",), True)
STACK = Op("stack", (("tensors", "L"),), (("dim", "i", 0),))
STD = Op("std", (("self", "T"),), (("unbiased", "b", True),))
STD__CORRECTION = Op("std.correction", (("self", "T"),), (("dim", "I", None), ("correction", "S", None), ("keepdim", "b", False)))
STD__DIM = Op("std.dim", (("self", "T"),), (("dim", "I", None), ("unbiased", "b", True), ("keepdim", "b", False)))
STD_MEAN__CORRECTION = Op("std_mean.correction", (("self", "T"),), (("dim", "I", None), ("correction", "S", None), ("keepdim", "b", False)), ("std", "mean"))
STD_MEAN__DIM = Op("std_mean.dim", (("self", "T"),), (("dim", "I", None), ("unbiased", "b", True), ("keepdim", "b", False)), ("std", "mean"))
SUB = Op("sub", (("self", "O"), ("other", "O")), (("alpha", "S", None),))
SUM = Op("sum", (("self", "T"),), (("dim", "I", None), ("keepdim", "b", False), ("dtype", "d", None)))
SUM_TO_SIZE = Op("sum_to_size", (("self", "T"),), (("size", "I", None),))
SVD = Op("svd", (("self", "T"),), (("some", "b", True), ("compute_uv", "b", True)), ("U", "S", "V"))
SWAPAXES = Op("swapaxes", (("self", "T"),), (("axis0", "i", None), ("axis1", "i", None)))
T = Op("t", (("self", "T"),), (), ("",), True)
TAKE = Op("take", (("self", "T"), ("index", "T")), ())
TAKE_ALONG_DIM = Op("take_along_dim", (("self", "T"), ("indices", "T")), (("dim", "i", None),))
TAN = Op("tan", (("self", "T"),), ())
TANH = Op("tanh", (("self", "T"),), ())
TANHSHRINK = Op("tanhshrink", (("self", "T"),), ())
TENSOR_SPLIT = Op("tensor_split", (("self", "T"),), (("sections", "i", None), ("dim", "i", 0)), None)
TENSOR_SPLIT__INDICES = Op("tensor_split.indices", (("self", "T"),), (("indices", "I", None), ("dim", "i", 0)), None)
TENSOR_SPLIT__TENSOR_INDICES_OR_SECTIONS = Op("tensor_split.tensor_indices_or_sections", (("self", "T"), ("tensor_indices_or_sections", "T")), (("dim", "i", 0),), None)
TENSORDOT = Op("tensordot", (("self", "T"), ("other", "T")), (("dims_self", "I", None), ("dims_other", "I", None)))
THRESHOLD = Op("threshold", (("self", "T"),), (("threshold", "S", None), ("value", "S", None)))
TILE = Op("tile", (("self", "T"),), (("dims", "I", None),))
TO = Op("to", (("self", "T"),), (("dtype", "d", None),))
TOPK = Op("topk", (("self", "T"),), (("k", "i", None), ("dim", "i", -1), ("largest", "b", True), ("sorted", "b", True)), ("values", "indices"))
TRACE = Op("trace", (("self", "T"),), ())
TRANSPOSE = Op("transpose", (("self", "T"),), (("dim0", "i", None), ("dim1", "i", None)), ("",), True)
TRAPEZOID__DX = Op("trapezoid.dx", (("y", "T"),), (("dx", "f", 1.0), ("dim", "i", -1)))
TRAPEZOID__X = Op("trapezoid.x", (("y", "T"), ("x", "T")), (("dim", "i", -1),))
TRIANGULAR_SOLVE = Op("triangular_solve", (("self", "T"), ("A", "T")), (("upper", "b", True), ("transpose", "b", False), ("unitriangular", "b", False)), ("solution", "cloned_coefficient"))
TRIL = Op("tril", (("self", "T"),), (("diagonal", "i", 0),))
TRIL_INDICES = Op("tril_indices", (), (("row", "i", None), ("col", "i", None), ("offset", "i", 0)))
TRIPLET_MARGIN_LOSS = Op("triplet_margin_loss", (("anchor", "T"), ("positive", "T"), ("negative", "T")), (("margin", "f", 1.0), ("p", "f", 2.0), ("eps", "f", 1e-06), ("swap", "b", False), ("reduction", "s", "mean")))
TRIPLET_MARGIN_WITH_DISTANCE_LOSS = Op("triplet_margin_with_distance_loss", (("anchor", "T"), ("positive", "T"), ("negative", "T")), (("margin", "f", 1.0), ("swap", "b", False), ("reduction", "s", "mean")))
TRIU = Op("triu", (("self", "T"),), (("diagonal", "i", 0),))
TRIU_INDICES = Op("triu_indices", (), (("row", "i", None), ("col", "i", None), ("offset", "i", 0)))
TRUNC = Op("trunc", (("self", "T"),), ())
UNBIND = Op("unbind", (("self", "T"),), (("dim", "i", 0),), None, True)
UNFLATTEN = Op("unflatten", (("self", "T"),), (("dim", "i", None), ("sizes", "I", None)))
UNFOLD = Op("unfold", (("self", "T"),), (("dimension", "i", None), ("size", "i", None), ("step", "i", None)), ("",), True)
UNIFORM = Op("uniform", (("self", "T"),), (("from", "f", 0.0), ("to", "f", 1.0)))
UNIQUE = Op("unique", (("self", "T"),), (("sorted", "b", True), ("return_inverse", "b", False), ("return_counts", "b", False), ("dim", "i", None)), ("output", "inverse_indices", "counts"))
UNIQUE_CONSECUTIVE = Op("unique_consecutive", (("self", "T"),), (("return_inverse", "b", False), ("return_counts", "b", False), ("dim", "i", None)), ("output", "inverse_indices", "counts"))
UNSAFE_CHUNK = Op("unsafe_chunk", (("self", "T"),), (("chunks", "i", None), ("dim", "i", 0)), None)
UNSAFE_SPLIT = Op("unsafe_split", (("self", "T"),), (("split_size", "i", None), ("dim", "i", 0)), None)
UNSQUEEZE = Op("unsqueeze", (("self", "T"),), (("dim", "i", None),), ("",), True)
VANDER = Op("vander", (("x", "T"),), (("n", "i", None), ("increasing", "b", False)))
VAR = Op("var", (("self", "T"),), (("unbiased", "b", True),))
VAR__CORRECTION = Op("var.correction", (("self", "T"),), (("dim", "I", None), ("correction", "S", None), ("keepdim", "b", False)))
VAR__DIM = Op("var.dim", (("self", "T"),), (("dim", "I", None), ("unbiased", "b", True), ("keepdim", "b", False)))
VAR_MEAN__CORRECTION = Op("var_mean.correction", (("self", "T"),), (("dim", "I", None), ("correction", "S", None), ("keepdim", "b", False)), ("var", "mean"))
VAR_MEAN__DIM = Op("var_mean.dim", (("self", "T"),), (("dim", "I", None), ("unbiased", "b", True), ("keepdim", "b", False)), ("var", "mean"))
VDOT = Op("vdot", (("self", "T"), ("other", "T")), ())
VIEW = Op("view", (("self", "T"),), (("size", "I", None),), ("",), True)
VIEW_AS = Op("view_as", (("self", "T"), ("other", "T")), ())
VSPLIT = Op("vsplit", (("self", "T"),), (("sections", "i", None),), None)
VSPLIT__INDICES = Op("vsplit.indices", (("self", "T"),), (("indices", "I", None),), None)
VSTACK = Op("vstack", (("tensors", "L"),), ())
WHERE = Op("where", (("condition", "T"), ("self", "O"), ("other", "O")), ())
XLOGY = Op("xlogy", (("self", "O"), ("other", "O")), ())
ZERO = Op("zero", (("self", "T"),), ())
ZEROS = Op("zeros", (), (("size", "I", None), ("dtype", "d", None)))
ZEROS_LIKE = Op("zeros_like", (("self", "T"),), (("dtype", "d", None),))
_arange = Overloads("arange", (ARANGE, "end:S dtype:d="), (ARANGE__START, "start:S end:S dtype:d="), (ARANGE__START_STEP, "start:S end:S step:S dtype:d="))
_argsort = Overloads("argsort", (ARGSORT, "self:T dim:i= descending:b="), (ARGSORT__STABLE, "self:T stable:b dim:i= descending:b="))
_atleast_1d = Overloads("atleast_1d", (ATLEAST_1D, "self:T"), (ATLEAST_1D__SEQUENCE, "tensors:L"))
_atleast_2d = Overloads("atleast_2d", (ATLEAST_2D, "self:T"), (ATLEAST_2D__SEQUENCE, "tensors:L"))
_atleast_3d = Overloads("atleast_3d", (ATLEAST_3D, "self:T"), (ATLEAST_3D__SEQUENCE, "tensors:L"))
_bernoulli = Overloads("bernoulli", (BERNOULLI, "self:T"), (BERNOULLI__P, "self:T p:f"))
_conv1d = Overloads("conv1d", (CONV1D, "input:T weight:T bias:T= stride:I= padding:I= dilation:I= groups:i="), (CONV1D__PADDING, "input:T weight:T bias:T= stride:I= padding:s dilation:I= groups:i="))
_conv2d = Overloads("conv2d", (CONV2D, "input:T weight:T bias:T= stride:I= padding:I= dilation:I= groups:i="), (CONV2D__PADDING, "input:T weight:T bias:T= stride:I= padding:s dilation:I= groups:i="))
_conv3d = Overloads("conv3d", (CONV3D, "input:T weight:T bias:T= stride:I= padding:I= dilation:I= groups:i="), (CONV3D__PADDING, "input:T weight:T bias:T= stride:I= padding:s dilation:I= groups:i="))
_cumulative_trapezoid = Overloads("cumulative_trapezoid", (CUMULATIVE_TRAPEZOID__DX, "y:T dx:f= dim:i="), (CUMULATIVE_TRAPEZOID__X, "y:T x:T dim:i="))
_dsplit = Overloads("dsplit", (DSPLIT, "self:T sections:i"), (DSPLIT__INDICES, "self:T indices:I"))
_hsplit = Overloads("hsplit", (HSPLIT, "self:T sections:i"), (HSPLIT__INDICES, "self:T indices:I"))
_linalg_cond = Overloads("linalg_cond", (LINALG_COND, "self:T p:S="), (LINALG_COND__P_STR, "self:T p:s"))
_linalg_matrix_norm = Overloads("linalg_matrix_norm", (LINALG_MATRIX_NORM, "self:T ord:S dim:I= keepdim:b= dtype:d="), (LINALG_MATRIX_NORM__STR_ORD, "self:T ord:s= dim:I= keepdim:b= dtype:d="))
_linalg_norm = Overloads("linalg_norm", (LINALG_NORM, "self:T ord:S= dim:I= keepdim:b= dtype:d="), (LINALG_NORM__ORD_STR, "self:T ord:s dim:I= keepdim:b= dtype:d="))
_linspace = Overloads("linspace", (LINSPACE, "start:S end:S steps:i dtype:d="), (LINSPACE__TENSOR_TENSOR, "start:T end:T steps:i dtype:d="))
_max = Overloads("max", (MAX, "self:T"), (MAX__OTHER, "self:T other:T"), (MAX__DIM, "self:T dim:i keepdim:b="))
_median = Overloads("median", (MEDIAN, "self:T"), (MEDIAN__DIM, "self:T dim:i keepdim:b="))
_min = Overloads("min", (MIN, "self:T"), (MIN__OTHER, "self:T other:T"), (MIN__DIM, "self:T dim:i keepdim:b="))
_nanmedian = Overloads("nanmedian", (NANMEDIAN, "self:T"), (NANMEDIAN__DIM, "self:T dim:i keepdim:b="))
_narrow = Overloads("narrow", (NARROW, "self:T dim:i start:i length:i"), (NARROW__TENSOR, "self:T dim:i start:T length:i"))
_norm = Overloads("norm", (NORM, "self:T p:S= dim:I= keepdim:b= dtype:d="), (NORM__FRO, "self:T p:s dim:I= keepdim:b= dtype:d="))
_normal = Overloads("normal", (NORMAL, "self:T mean:f= std:f="), (NORMAL__FLOAT_FLOAT, "mean:f std:f size:I dtype:d="))
_prod = Overloads("prod", (PROD, "self:T dtype:d="), (PROD__DIM_INT, "self:T dim:i keepdim:b= dtype:d="))
_randint = Overloads("randint", (RANDINT, "high:i size:I dtype:d="), (RANDINT__LOW, "low:i high:i size:I dtype:d="))
_randint_like = Overloads("randint_like", (RANDINT_LIKE, "self:T high:i dtype:d="), (RANDINT_LIKE__LOW_DTYPE, "self:T low:i high:i dtype:d="))
_repeat_interleave = Overloads("repeat_interleave", (REPEAT_INTERLEAVE, "self:T repeats:i dim:i="), (REPEAT_INTERLEAVE__SELF_TENSOR, "self:T repeats:T dim:i="))
_scatter = Overloads("scatter", (SCATTER, "self:T dim:i index:T src:T"), (SCATTER__VALUE, "self:T dim:i index:T value:S"), (SCATTER__REDUCE, "self:T dim:i index:T src:T reduce:s"), (SCATTER__VALUE_REDUCE, "self:T dim:i index:T value:S reduce:s"))
_sort = Overloads("sort", (SORT, "self:T dim:i= descending:b="), (SORT__STABLE, "self:T stable:b dim:i= descending:b="))
_split = Overloads("split", (SPLIT, "self:T split_size:i dim:i="), (SPLIT__SIZES, "self:T split_size:I dim:i="))
_squeeze = Overloads("squeeze", (SQUEEZE, "self:T"), (SQUEEZE__DIM, "self:T dim:i"), (SQUEEZE__DIMS, "self:T dim:I"))
_std = Overloads("std", (STD, "self:T unbiased:b="), (STD__CORRECTION, "self:T dim:I= correction:S= keepdim:b="), (STD__DIM, "self:T dim:I unbiased:b= keepdim:b="))
_std_mean = Overloads("std_mean", (STD_MEAN__CORRECTION, "self:T dim:I= correction:S= keepdim:b="), (STD_MEAN__DIM, "self:T dim:I unbiased:b= keepdim:b="))
_tensor_split = Overloads("tensor_split", (TENSOR_SPLIT, "self:T sections:i dim:i="), (TENSOR_SPLIT__INDICES, "self:T indices:I dim:i="), (TENSOR_SPLIT__TENSOR_INDICES_OR_SECTIONS, "self:T tensor_indices_or_sections:T dim:i="))
_trapezoid = Overloads("trapezoid", (TRAPEZOID__DX, "y:T dx:f= dim:i="), (TRAPEZOID__X, "y:T x:T dim:i="))
_var = Overloads("var", (VAR, "self:T unbiased:b="), (VAR__CORRECTION, "self:T dim:I= correction:S= keepdim:b="), (VAR__DIM, "self:T dim:I unbiased:b= keepdim:b="))
_var_mean = Overloads("var_mean", (VAR_MEAN__CORRECTION, "self:T dim:I= correction:S= keepdim:b="), (VAR_MEAN__DIM, "self:T dim:I unbiased:b= keepdim:b="))
_vsplit = Overloads("vsplit", (VSPLIT, "self:T sections:i"), (VSPLIT__INDICES, "self:T indices:I"))


def _sizes(args):
    first = args[0] if len(args) == 1 else 0
    return args if first.__class__ is int or len(args) != 1 else tuple(first)


class TensorOps:
    """Methods of tensors, one for each op that PyTorch has as a method."""

    __slots__ = ()

    def _fused_adam(self, grad, exp_avg, exp_avg_sq, max_exp_avg_sq=None, state_step=None, lr=None, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-08, maximize=False):
        """One step of Adam for one parameter in one pass over memory: p becomes p - lr m' / (sqrt(v') + eps) with bias-corrected running means m' of the gradient (exp_avg) and v' of its square (exp_avg_sq). Counts state_step, of one element; given max_exp_avg_sq, it divides by the largest v so far (amsgrad). Parameter, gradient and state are of one shape and floating dtype."""
        return _apply(_FUSED_ADAM, (self, grad, exp_avg, exp_avg_sq, max_exp_avg_sq, state_step, lr), (beta1, beta2, weight_decay, eps, maximize))

    def _fused_adam_(self, grad, exp_avg, exp_avg_sq, max_exp_avg_sq=None, state_step=None, lr=None, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-08, maximize=False):
        """In-place form of :meth:`_fused_adam`."""
        return _in_place(_FUSED_ADAM, (self, grad, exp_avg, exp_avg_sq, max_exp_avg_sq, state_step, lr), (beta1, beta2, weight_decay, eps, maximize))

    def _fused_adamw(self, grad, exp_avg, exp_avg_sq, max_exp_avg_sq=None, state_step=None, lr=None, beta1=0.9, beta2=0.999, weight_decay=0.01, eps=1e-08, maximize=False):
        """One step of AdamW for one parameter in one pass over memory: p becomes p (1 - lr weight_decay) - lr m' / (sqrt(v') + eps) with bias-corrected running means m' of the gradient (exp_avg) and v' of its square (exp_avg_sq). Counts state_step, of one element; given max_exp_avg_sq, it divides by the largest v so far (amsgrad). Parameter, gradient and state are of one shape and floating dtype."""
        return _apply(_FUSED_ADAMW, (self, grad, exp_avg, exp_avg_sq, max_exp_avg_sq, state_step, lr), (beta1, beta2, weight_decay, eps, maximize))

    def _fused_adamw_(self, grad, exp_avg, exp_avg_sq, max_exp_avg_sq=None, state_step=None, lr=None, beta1=0.9, beta2=0.999, weight_decay=0.01, eps=1e-08, maximize=False):
        """In-place form of :meth:`_fused_adamw`."""
        return _in_place(_FUSED_ADAMW, (self, grad, exp_avg, exp_avg_sq, max_exp_avg_sq, state_step, lr), (beta1, beta2, weight_decay, eps, maximize))

    def _fused_rmsprop(self, grad, square_avg, grad_avg=None, momentum_buffer=None, state_step=None, lr=None, alpha=0.99, weight_decay=0.0, eps=1e-08, momentum=0.0, maximize=False):
        """One step of RMSprop for one parameter in one pass over memory: p becomes p - lr g / (sqrt(v) + eps) with v (square_avg) the running mean of the squared gradient. Given grad_avg, the squared running mean of the gradient is taken from v first (centered); with momentum the quotient goes through momentum_buffer. Counts state_step, if given. Parameter, gradient and state are of one shape and floating dtype."""
        return _apply(_FUSED_RMSPROP, (self, grad, square_avg, grad_avg, momentum_buffer, state_step, lr), (alpha, weight_decay, eps, momentum, maximize))

    def _fused_rmsprop_(self, grad, square_avg, grad_avg=None, momentum_buffer=None, state_step=None, lr=None, alpha=0.99, weight_decay=0.0, eps=1e-08, momentum=0.0, maximize=False):
        """In-place form of :meth:`_fused_rmsprop`."""
        return _in_place(_FUSED_RMSPROP, (self, grad, square_avg, grad_avg, momentum_buffer, state_step, lr), (alpha, weight_decay, eps, momentum, maximize))

    def _fused_sgd(self, grad, momentum_buffer=None, state_step=None, lr=None, weight_decay=0.0, momentum=0.0, dampening=0.0, nesterov=False, maximize=False, is_first_step=False):
        """One step of stochastic gradient descent for one parameter in one pass over memory: p becomes p - lr g. With momentum the buffer b becomes momentum b + (1 - dampening) g and p - lr b, or with nesterov p - lr (g + momentum b). The first step only copies g into b: said by is_first_step, or by a state_step of 0, which is then counted. Parameter, gradient and buffer are of one shape and floating dtype."""
        return _apply(_FUSED_SGD, (self, grad, momentum_buffer, state_step, lr), (weight_decay, momentum, dampening, nesterov, maximize, is_first_step))

    def _fused_sgd_(self, grad, momentum_buffer=None, state_step=None, lr=None, weight_decay=0.0, momentum=0.0, dampening=0.0, nesterov=False, maximize=False, is_first_step=False):
        """In-place form of :meth:`_fused_sgd`."""
        return _in_place(_FUSED_SGD, (self, grad, momentum_buffer, state_step, lr), (weight_decay, momentum, dampening, nesterov, maximize, is_first_step))

    def abs(self):
        """Absolute value: |x|."""
        return _unary(ABS, self)

    def abs_(self):
        """In-place form of :meth:`abs`."""
        return _in_place(ABS, (self,))

    def acos(self):
        """Inverse cosine, in radians; NaN outside [-1, 1]."""
        return _unary(ACOS, self)

    def acos_(self):
        """In-place form of :meth:`acos`."""
        return _in_place(ACOS, (self,))

    def acosh(self):
        """Inverse hyperbolic cosine; NaN below 1."""
        return _unary(ACOSH, self)

    def acosh_(self):
        """In-place form of :meth:`acosh`."""
        return _in_place(ACOSH, (self,))

    def add(self, other, alpha=None):
        """Sum with a factor: self + alpha * other. On truth values, logical or."""
        return _binary(ADD, self, other) if alpha is None else _apply(ADD, (self, other), (alpha,))

    def add_(self, other, alpha=None):
        """In-place form of :meth:`add`."""
        return _in_place(ADD, (self, other), (alpha,))

    def addbmm(self, batch1, batch2, beta=None, alpha=None):
        """Sum of the products of two batches of matrices, added to a matrix: beta * self + alpha * sum over b of batch1[b] batch2[b]."""
        return _call(ADDBMM, (self, batch1, batch2), (beta, alpha))

    def addbmm_(self, batch1, batch2, beta=None, alpha=None):
        """In-place form of :meth:`addbmm`."""
        return _in_place(ADDBMM, (self, batch1, batch2), (beta, alpha))

    def addcdiv(self, tensor1, tensor2, value=None):
        """Sum with a scaled quotient: self + value * tensor1 / tensor2."""
        return _call(ADDCDIV, (self, tensor1, tensor2), (value,))

    def addcdiv_(self, tensor1, tensor2, value=None):
        """In-place form of :meth:`addcdiv`."""
        return _in_place(ADDCDIV, (self, tensor1, tensor2), (value,))

    def addcmul(self, tensor1, tensor2, value=None):
        """Sum with a scaled product: self + value * tensor1 * tensor2."""
        return _call(ADDCMUL, (self, tensor1, tensor2), (value,))

    def addcmul_(self, tensor1, tensor2, value=None):
        """In-place form of :meth:`addcmul`."""
        return _in_place(ADDCMUL, (self, tensor1, tensor2), (value,))

    def addmm(self, mat1, mat2, beta=None, alpha=None):
        """Matrix product added to a tensor that broadcasts to it: beta * self + alpha * (mat1 mat2)."""
        return _call(ADDMM, (self, mat1, mat2), (beta, alpha))

    def addmm_(self, mat1, mat2, beta=None, alpha=None):
        """In-place form of :meth:`addmm`."""
        return _in_place(ADDMM, (self, mat1, mat2), (beta, alpha))

    def addmv(self, mat, vec, beta=None, alpha=None):
        """Product of a matrix and a vector, added to a vector: beta * self + alpha * (mat vec)."""
        return _call(ADDMV, (self, mat, vec), (beta, alpha))

    def addmv_(self, mat, vec, beta=None, alpha=None):
        """In-place form of :meth:`addmv`."""
        return _in_place(ADDMV, (self, mat, vec), (beta, alpha))

    def addr(self, vec1, vec2, beta=None, alpha=None):
        """Outer product added to a matrix: beta * self + alpha * vec1[i] * vec2[j]."""
        return _call(ADDR, (self, vec1, vec2), (beta, alpha))

    def addr_(self, vec1, vec2, beta=None, alpha=None):
        """In-place form of :meth:`addr`."""
        return _in_place(ADDR, (self, vec1, vec2), (beta, alpha))

    def all(self, dim=None, keepdim=False):
        """Whether all elements over dims, or of the whole tensor, are other than zero; true of no elements. uint8 stays uint8."""
        return _call(ALL, (self,), (dim, keepdim))

    def allclose(self, other, rtol=1e-05, atol=1e-08, equal_nan=False):
        """Whether all elements are close, as a 0-d truth value: |self - other| <= atol + rtol |other|, or equal; NaN is close to NaN only with equal_nan."""
        return _call(ALLCLOSE, (self, other), (rtol, atol, equal_nan))

    def alpha_dropout(self, p=0.5, training=False):
        """Dropout that keeps the mean and variance of SELU's outputs: a dropped element becomes SELU's lower limit, and all are then scaled and shifted."""
        return _call(ALPHA_DROPOUT, (self,), (p, training))

    def alpha_dropout_(self, p=0.5, training=False):
        """In-place form of :meth:`alpha_dropout`."""
        return _in_place(ALPHA_DROPOUT, (self,), (p, training))

    def amax(self, dim=None, keepdim=False):
        """Largest element over dims, or of all; NaN if there is one. Equal ones share the gradient."""
        return _call(AMAX, (self,), (dim, keepdim))

    def amin(self, dim=None, keepdim=False):
        """Smallest element over dims, or of all; NaN if there is one. Equal ones share the gradient."""
        return _call(AMIN, (self,), (dim, keepdim))

    def aminmax(self, dim=None, keepdim=False):
        """Smallest and largest element along a dim, or of all; NaN if there is one. Equal ones share the gradient."""
        return _apply(AMINMAX, (self,), (dim, keepdim))

    def any(self, dim=None, keepdim=False):
        """Whether any element over dims, or of the whole tensor, is other than zero; false of no elements. uint8 stays uint8."""
        return _call(ANY, (self,), (dim, keepdim))

    def argmax(self, dim=None, keepdim=False):
        """Index of the first largest element along a dim, or among all elements row-major; NaN counts as largest."""
        return _call(ARGMAX, (self,), (dim, keepdim))

    def argmin(self, dim=None, keepdim=False):
        """Index of the first smallest element along a dim, or among all elements row-major; NaN counts as smallest."""
        return _call(ARGMIN, (self,), (dim, keepdim))

    def argsort(self, *args, **kwargs):
        """Indices that put the elements along a dim in order; equal elements keep their order, NaN is the largest."""
        return _argsort((self, *args), kwargs)

    def argwhere(self):
        """The indices of all elements that are not zero, a row for each: nonzero under NumPy's name."""
        return _unary(ARGWHERE, self)

    def as_strided(self, size, stride, storage_offset=None):
        """A view of the storage in any geometry: sizes, strides and offset in elements."""
        return _call(AS_STRIDED, (self,), (size, stride, storage_offset))

    def as_strided_(self, size, stride, storage_offset=None):
        """In-place form of :meth:`as_strided`."""
        return _in_place(AS_STRIDED, (self,), (size, stride, storage_offset))

    def asin(self):
        """Inverse sine, in radians; NaN outside [-1, 1]."""
        return _unary(ASIN, self)

    def asin_(self):
        """In-place form of :meth:`asin`."""
        return _in_place(ASIN, (self,))

    def asinh(self):
        """Inverse hyperbolic sine."""
        return _unary(ASINH, self)

    def asinh_(self):
        """In-place form of :meth:`asinh`."""
        return _in_place(ASINH, (self,))

    def atan(self):
        """Inverse tangent, in radians."""
        return _unary(ATAN, self)

    def atan_(self):
        """In-place form of :meth:`atan`."""
        return _in_place(ATAN, (self,))

    def atan2(self, other):
        """Angle of the point (other, self) in radians: atan(self / other) in the right quadrant."""
        return _binary(ATAN2, self, other)

    def atan2_(self, other):
        """In-place form of :meth:`atan2`."""
        return _in_place(ATAN2, (self, other))

    def atanh(self):
        """Inverse hyperbolic tangent; infinite at -1 and 1, NaN beyond."""
        return _unary(ATANH, self)

    def atanh_(self):
        """In-place form of :meth:`atanh`."""
        return _in_place(ATANH, (self,))

    def atleast_1d(self, *args, **kwargs):
        """The tensor itself, or a view of it with dims of size 1 added so that it has at least 1."""
        return _atleast_1d((self, *args), kwargs)

    def atleast_2d(self, *args, **kwargs):
        """The tensor itself, or a view of it with dims of size 1 added so that it has at least 2."""
        return _atleast_2d((self, *args), kwargs)

    def atleast_3d(self, *args, **kwargs):
        """The tensor itself, or a view of it with dims of size 1 added so that it has at least 3."""
        return _atleast_3d((self, *args), kwargs)

    def baddbmm(self, batch1, batch2, beta=None, alpha=None):
        """Products of two batches of matrices, added to a tensor that broadcasts to them: beta * self + alpha * (batch1[b] batch2[b])."""
        return _call(BADDBMM, (self, batch1, batch2), (beta, alpha))

    def baddbmm_(self, batch1, batch2, beta=None, alpha=None):
        """In-place form of :meth:`baddbmm`."""
        return _in_place(BADDBMM, (self, batch1, batch2), (beta, alpha))

    def bernoulli(self, *args, **kwargs):
        """Ones with the probability that self holds at each place, else zeros; its derivative is zero."""
        return _bernoulli((self, *args), kwargs)

    def bernoulli_(self, *args, **kwargs):
        """In-place form of :meth:`bernoulli`."""
        return _bernoulli.in_place((self, *args), kwargs)

    def bincount(self, weights=None, minlength=0):
        """How often each number from 0 to the largest occurs among integers, or the sum of weights where it does; at least minlength counts."""
        return _call(BINCOUNT, (self, weights), (minlength,))

    def bitwise_and(self, other):
        """Bitwise and of integers; logical and of truth values."""
        return _binary(BITWISE_AND, self, other)

    def bitwise_and_(self, other):
        """In-place form of :meth:`bitwise_and`."""
        return _in_place(BITWISE_AND, (self, other))

    def bitwise_left_shift(self, other):
        """Integers shifted to the left: self * 2^other; 0 if that shifts every bit out."""
        return _binary(BITWISE_LEFT_SHIFT, self, other)

    def bitwise_left_shift_(self, other):
        """In-place form of :meth:`bitwise_left_shift`."""
        return _in_place(BITWISE_LEFT_SHIFT, (self, other))

    def bitwise_not(self):
        """Bitwise complement of integers; logical not of truth values."""
        return _unary(BITWISE_NOT, self)

    def bitwise_not_(self):
        """In-place form of :meth:`bitwise_not`."""
        return _in_place(BITWISE_NOT, (self,))

    def bitwise_or(self, other):
        """Bitwise or of integers; logical or of truth values."""
        return _binary(BITWISE_OR, self, other)

    def bitwise_or_(self, other):
        """In-place form of :meth:`bitwise_or`."""
        return _in_place(BITWISE_OR, (self, other))

    def bitwise_right_shift(self, other):
        """Integers shifted to the right, keeping their sign: floor(self / 2^other)."""
        return _binary(BITWISE_RIGHT_SHIFT, self, other)

    def bitwise_right_shift_(self, other):
        """In-place form of :meth:`bitwise_right_shift`."""
        return _in_place(BITWISE_RIGHT_SHIFT, (self, other))

    def bitwise_xor(self, other):
        """Bitwise exclusive or of integers; logical exclusive or of truth values."""
        return _binary(BITWISE_XOR, self, other)

    def bitwise_xor_(self, other):
        """In-place form of :meth:`bitwise_xor`."""
        return _in_place(BITWISE_XOR, (self, other))

    def bmm(self, mat2):
        """Products of two batches of matrices: y[b] = self[b] mat2[b]."""
        return _binary(BMM, self, mat2)

    def broadcast_to(self, size):
        """A view in which dims of size 1 are repeated without copying: expand under NumPy's name."""
        return _call(BROADCAST_TO, (self,), (size,))

    def bucketize(self, boundaries, out_int32=False, right=False):
        """In which bucket each element falls: where it would go into the sorted boundaries, before equal ones or, if right, after."""
        return _call(BUCKETIZE, (self, boundaries), (out_int32, right))

    def cauchy(self, median=0.0, sigma=1.0):
        """Random numbers of the Cauchy distribution: median + sigma tan(pi (u - 1/2)), in self's shape and dtype; in place, torch.Tensor.cauchy_."""
        return _call(CAUCHY, (self,), (median, sigma))

    def cauchy_(self, median=0.0, sigma=1.0):
        """In-place form of :meth:`cauchy`."""
        return _in_place(CAUCHY, (self,), (median, sigma))

    def cdist(self, x2, p=2.0, compute_mode="use_mm_for_euclid_dist_if_necessary"):
        """p-norm distances between each row of x1 and each row of x2, their batches broadcast: y[i, j] = |x1[i] - x2[j]|_p. compute_mode is taken and makes no difference: distances are always exact."""
        return _call(CDIST, (self, x2), (p, compute_mode))

    def ceil(self):
        """The smallest integer not below x."""
        return _unary(CEIL, self)

    def ceil_(self):
        """In-place form of :meth:`ceil`."""
        return _in_place(CEIL, (self,))

    def celu(self, alpha=1.0):
        """Continuously differentiable exponential linear unit: x where positive, else alpha (e^(x / alpha) - 1)."""
        return _call(CELU, (self,), (alpha,))

    def celu_(self, alpha=1.0):
        """In-place form of :meth:`celu`."""
        return _in_place(CELU, (self,), (alpha,))

    def cholesky(self, upper=False):
        """Cholesky factor of symmetric positive-definite matrices, the older form of linalg_cholesky."""
        return _call(CHOLESKY, (self,), (upper,))

    def cholesky_inverse(self, upper=False):
        """The inverse of A = L L^T, given by its Cholesky factor self (U with upper)."""
        return _call(CHOLESKY_INVERSE, (self,), (upper,))

    def cholesky_solve(self, input2, upper=False):
        """Solves A X = self where A = L L^T is given by its Cholesky factor input2 (U with upper)."""
        return _call(CHOLESKY_SOLVE, (self, input2), (upper,))

    def chunk(self, chunks, dim=0):
        """Views of a dim in at most so many pieces of one size, but for a shorter last one."""
        return _apply(CHUNK, (self,), (chunks, dim))

    def clamp(self, min=None, max=None):
        """Limits elements to [min, max]; either bound may be absent, and both are numbers or tensors."""
        return _call(CLAMP, (self, min, max), ())

    def clamp_(self, min=None, max=None):
        """In-place form of :meth:`clamp`."""
        return _in_place(CLAMP, (self, min, max))

    def clamp_max(self, max):
        """Limits elements from above: min(x, max)."""
        return _binary(CLAMP_MAX, self, max)

    def clamp_max_(self, max):
        """In-place form of :meth:`clamp_max`."""
        return _in_place(CLAMP_MAX, (self, max))

    def clamp_min(self, min):
        """Limits elements from below: max(x, min)."""
        return _binary(CLAMP_MIN, self, min)

    def clamp_min_(self, min):
        """In-place form of :meth:`clamp_min`."""
        return _in_place(CLAMP_MIN, (self, min))

    def clone(self, memory_format=None):
        """A copy with memory of its own; gradients flow through. Laid out as self, or row-major with memory_format "contiguous_format"."""
        return _call(CLONE, (self,), (memory_format,))

    def combinations(self, r=2, with_replacement=False):
        """The combinations of r elements of a vector, a row each, in the order of itertools."""
        return _call(COMBINATIONS, (self,), (r, with_replacement))

    def contiguous(self):
        """The tensor itself if its elements lie row-major without gaps, else a copy that does."""
        return _unary(CONTIGUOUS, self)

    def copy(self, src):
        """The values of src, broadcast to self's shape and cast to its dtype; in place, torch.Tensor.copy_."""
        return _binary(COPY, self, src)

    def copy_(self, src):
        """In-place form of :meth:`copy`."""
        return _in_place(COPY, (self, src))

    def copysign(self, other):
        """The magnitude of self with the sign of other."""
        return _binary(COPYSIGN, self, other)

    def copysign_(self, other):
        """In-place form of :meth:`copysign`."""
        return _in_place(COPYSIGN, (self, other))

    def corrcoef(self):
        """Correlation coefficients of variables, the rows of self, over observations, its columns: the covariance divided by both deviations."""
        return _unary(CORRCOEF, self)

    def cos(self):
        """Cosine of x radians."""
        return _unary(COS, self)

    def cos_(self):
        """In-place form of :meth:`cos`."""
        return _in_place(COS, (self,))

    def cosh(self):
        """Hyperbolic cosine."""
        return _unary(COSH, self)

    def cosh_(self):
        """In-place form of :meth:`cosh`."""
        return _in_place(COSH, (self,))

    def count_nonzero(self, dim=None):
        """Number of elements other than zero, over dims or in all."""
        return _call(COUNT_NONZERO, (self,), (dim,))

    def cov(self, correction=1, fweights=None, aweights=None):
        """Covariance of variables, the rows of self, over observations, its columns, which may have counts fweights and weights aweights; divided by their sum less correction."""
        return _call(COV, (self, fweights, aweights), (correction,))

    def cross(self, other, dim=None):
        """Vector product of three-element vectors along a dim, the first of size 3 unless given."""
        return _binary(CROSS, self, other) if dim is None else _apply(CROSS, (self, other), (dim,))

    def cummax(self, dim):
        """Largest element so far along a dim, and its index: of equal ones the last. NaN stays."""
        return _apply(CUMMAX, (self,), (dim,))

    def cummin(self, dim):
        """Smallest element so far along a dim, and its index: of equal ones the last. NaN stays."""
        return _apply(CUMMIN, (self,), (dim,))

    def cumprod(self, dim, dtype=None):
        """Running product along a dim: y[k] = x[0] * ... * x[k]. Integers multiply in int64."""
        return _call(CUMPROD, (self,), (dim, dtype))

    def cumprod_(self, dim, dtype=None):
        """In-place form of :meth:`cumprod`."""
        return _in_place(CUMPROD, (self,), (dim, dtype))

    def cumsum(self, dim, dtype=None):
        """Running sum along a dim: y[k] = x[0] + ... + x[k]. Integers add up in int64."""
        return _call(CUMSUM, (self,), (dim, dtype))

    def cumsum_(self, dim, dtype=None):
        """In-place form of :meth:`cumsum`."""
        return _in_place(CUMSUM, (self,), (dim, dtype))

    def cumulative_trapezoid(self, *args, **kwargs):
        """Running integral along a dim by the trapezoidal rule, at equal distances dx."""
        return _cumulative_trapezoid((self, *args), kwargs)

    def deg2rad(self):
        """Degrees to radians: x pi / 180."""
        return _unary(DEG2RAD, self)

    def deg2rad_(self):
        """In-place form of :meth:`deg2rad`."""
        return _in_place(DEG2RAD, (self,))

    def det(self):
        """Determinants of square matrices; another name of linalg_det."""
        return _unary(DET, self)

    def detach(self):
        """The same memory and version counter without history: no gradient flows through. Not a view in autograd's sense."""
        return _unary(DETACH, self)

    def diag(self, diagonal=0):
        """Of a vector, the matrix that has it as a diagonal; of a matrix, a copy of its diagonal."""
        return _call(DIAG, (self,), (diagonal,))

    def diag_embed(self, offset=0, dim1=-2, dim2=-1):
        """Zeros with the last dim of self laid along a diagonal of two new dims."""
        return _call(DIAG_EMBED, (self,), (offset, dim1, dim2))

    def diagflat(self, offset=0):
        """The matrix that has all elements as a diagonal."""
        return _call(DIAGFLAT, (self,), (offset,))

    def diagonal(self, offset=0, dim1=0, dim2=1):
        """A view of the diagonal of two dims, put last; a positive offset lies above the main diagonal."""
        return _call(DIAGONAL, (self,), (offset, dim1, dim2))

    def diagonal_scatter(self, src, offset=0, dim1=0, dim2=1):
        """A copy of self with a diagonal of two dims replaced by src."""
        return _call(DIAGONAL_SCATTER, (self, src), (offset, dim1, dim2))

    def diff(self, n=1, dim=-1, prepend=None, append=None):
        """n-th differences of neighbours along a dim, with other tensors before and after it: y[k] = x[k + 1] - x[k], n times."""
        return _call(DIFF, (self, prepend, append), (n, dim))

    def digamma(self):
        """Logarithmic derivative of the gamma function: psi(x)."""
        return _unary(DIGAMMA, self)

    def digamma_(self):
        """In-place form of :meth:`digamma`."""
        return _in_place(DIGAMMA, (self,))

    def dist(self, other, p=None):
        """p-norm of the difference of two tensors that broadcast: |self - other|_p."""
        return _binary(DIST, self, other) if p is None else _apply(DIST, (self, other), (p,))

    def div(self, other, rounding_mode=None):
        """Quotient: self / other, as it is or rounded to an integer ("floor" or "trunc")."""
        return _binary(DIV, self, other) if rounding_mode is None else _apply(DIV, (self, other), (rounding_mode,))

    def div_(self, other, rounding_mode=None):
        """In-place form of :meth:`div`."""
        return _in_place(DIV, (self, other), (rounding_mode,))

    def dot(self, tensor):
        """Inner product of two vectors: sum of self * tensor."""
        return _binary(DOT, self, tensor)

    def dropout(self, p=0.5, training=True):
        """In training, zeroes each element with probability p and divides the others by 1 - p; otherwise the tensor itself."""
        return _call(DROPOUT, (self,), (p, training))

    def dropout_(self, p=0.5, training=True):
        """In-place form of :meth:`dropout`."""
        return _in_place(DROPOUT, (self,), (p, training))

    def dropout1d(self, p=0.5, training=True):
        """Dropout of whole channels of 1 dims each; a tensor without a batch counts as a batch of one."""
        return _call(DROPOUT1D, (self,), (p, training))

    def dropout2d(self, p=0.5, training=True):
        """Dropout of whole channels of 2 dims each; a tensor without a batch counts as a batch of one."""
        return _call(DROPOUT2D, (self,), (p, training))

    def dropout3d(self, p=0.5, training=True):
        """Dropout of whole channels of 3 dims each; a tensor without a batch counts as a batch of one."""
        return _call(DROPOUT3D, (self,), (p, training))

    def dsplit(self, *args, **kwargs):
        """Slices along dim 2: so many equal pieces."""
        return _dsplit((self, *args), kwargs)

    def elu(self, alpha=1.0, scale=1.0, input_scale=1.0):
        """Exponential linear unit: scale * x where positive, else scale * alpha * (e^(input_scale x) - 1)."""
        return _call(ELU, (self,), (alpha, scale, input_scale))

    def elu_(self, alpha=1.0, scale=1.0, input_scale=1.0):
        """In-place form of :meth:`elu`."""
        return _in_place(ELU, (self,), (alpha, scale, input_scale))

    def empty_like(self, dtype=None):
        """Zeros (memory without a value would show what others left there) of self's shape, and of its dtype unless another is given."""
        return _call(EMPTY_LIKE, (self,), (dtype,))

    def eq(self, other):
        """Whether the elements are equal: self == other; NaN equals nothing."""
        return _binary(EQ, self, other)

    def eq_(self, other):
        """In-place form of :meth:`eq`."""
        return _in_place(EQ, (self, other))

    def equal(self, other):
        """Whether two tensors have the same shape and elements, as a 0-d truth value; NaN equals nothing."""
        return _binary(EQUAL, self, other)

    def erf(self):
        """Error function: 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x."""
        return _unary(ERF, self)

    def erf_(self):
        """In-place form of :meth:`erf`."""
        return _in_place(ERF, (self,))

    def erfc(self):
        """Complementary error function: 1 - erf(x), accurate where it is tiny."""
        return _unary(ERFC, self)

    def erfc_(self):
        """In-place form of :meth:`erfc`."""
        return _in_place(ERFC, (self,))

    def erfinv(self):
        """Inverse error function: the y with erf(y) = x; infinite at -1 and 1."""
        return _unary(ERFINV, self)

    def erfinv_(self):
        """In-place form of :meth:`erfinv`."""
        return _in_place(ERFINV, (self,))

    def exp(self):
        """Exponential: e^x."""
        return _unary(EXP, self)

    def exp_(self):
        """In-place form of :meth:`exp`."""
        return _in_place(EXP, (self,))

    def exp2(self):
        """Exponential to base 2: 2^x."""
        return _unary(EXP2, self)

    def exp2_(self):
        """In-place form of :meth:`exp2`."""
        return _in_place(EXP2, (self,))

    def expand(self, *size):
        """A view in which dims of size 1 are repeated without copying; -1 keeps a size."""
        size = _sizes(size)
        return _call(EXPAND, (self,), (size,))

    def expand_as(self, other):
        """A view in which dims of size 1 are repeated to the shape of another tensor."""
        return _binary(EXPAND_AS, self, other)

    def expm1(self):
        """Exponential less one: e^x - 1, accurate near 0."""
        return _unary(EXPM1, self)

    def expm1_(self):
        """In-place form of :meth:`expm1`."""
        return _in_place(EXPM1, (self,))

    def exponential(self, lambd=1.0):
        """Random numbers of the exponential distribution: -log(1 - u) / lambd, in self's shape and dtype; in place, torch.Tensor.exponential_."""
        return _call(EXPONENTIAL, (self,), (lambd,))

    def exponential_(self, lambd=1.0):
        """In-place form of :meth:`exponential`."""
        return _in_place(EXPONENTIAL, (self,), (lambd,))

    def feature_alpha_dropout(self, p=0.5, training=False):
        """Alpha dropout of whole channels: what the first two dims name is kept or dropped together."""
        return _call(FEATURE_ALPHA_DROPOUT, (self,), (p, training))

    def feature_alpha_dropout_(self, p=0.5, training=False):
        """In-place form of :meth:`feature_alpha_dropout`."""
        return _in_place(FEATURE_ALPHA_DROPOUT, (self,), (p, training))

    def feature_dropout(self, p, training):
        """Dropout of whole channels: what the first two dims name is zeroed or divided by 1 - p together."""
        return _call(FEATURE_DROPOUT, (self,), (p, training))

    def feature_dropout_(self, p, training):
        """In-place form of :meth:`feature_dropout`."""
        return _in_place(FEATURE_DROPOUT, (self,), (p, training))

    def fill(self, value):
        """One value, a number or a 0-d tensor, in self's shape and dtype."""
        return _binary(FILL, self, value)

    def fill_(self, value):
        """In-place form of :meth:`fill`."""
        return _in_place(FILL, (self, value))

    def flatten(self, start_dim=0, end_dim=-1):
        """Makes one dim of a run of dims: a view where strides allow it, else a copy; a single dim stays as it is."""
        return _call(FLATTEN, (self,), (start_dim, end_dim))

    def flip(self, *dims):
        """A copy with the order of some dims reversed."""
        dims = _sizes(dims)
        return _call(FLIP, (self,), (dims,))

    def fliplr(self):
        """A copy turned left to right, along dim 1."""
        return _unary(FLIPLR, self)

    def flipud(self):
        """A copy turned upside down, along dim 0."""
        return _unary(FLIPUD, self)

    def float_power(self, exponent):
        """Power computed in float64: self ^ exponent."""
        return _binary(FLOAT_POWER, self, exponent)

    def floor(self):
        """The largest integer not above x."""
        return _unary(FLOOR, self)

    def floor_(self):
        """In-place form of :meth:`floor`."""
        return _in_place(FLOOR, (self,))

    def floor_divide(self, other):
        """Quotient rounded down: floor(self / other). Has no derivative; div with rounding_mode "floor" has zeros."""
        return _binary(FLOOR_DIVIDE, self, other)

    def floor_divide_(self, other):
        """In-place form of :meth:`floor_divide`."""
        return _in_place(FLOOR_DIVIDE, (self, other))

    def fmax(self, other):
        """The larger element of two; if one is NaN, the other."""
        return _binary(FMAX, self, other)

    def fmin(self, other):
        """The smaller element of two; if one is NaN, the other."""
        return _binary(FMIN, self, other)

    def fmod(self, other):
        """Remainder with the sign of self, as C has it: self - other trunc(self / other)."""
        return _binary(FMOD, self, other)

    def fmod_(self, other):
        """In-place form of :meth:`fmod`."""
        return _in_place(FMOD, (self, other))

    def frac(self):
        """The fractional part of x, with its sign: x - trunc(x)."""
        return _unary(FRAC, self)

    def frac_(self):
        """In-place form of :meth:`frac`."""
        return _in_place(FRAC, (self,))

    def frexp(self):
        """Mantissa in (-1, -1/2], [1/2, 1) or 0, and exponent (int32), with self = mantissa * 2^exponent."""
        return _apply(FREXP, (self,), ())

    def full_like(self, fill_value, dtype=None):
        """One value in self's shape, and in its dtype unless another is given."""
        return _call(FULL_LIKE, (self,), (fill_value, dtype))

    def gather(self, dim, index):
        """Elements of self where an index leads along a dim: y[i] = self[i with i[dim] = index[i]]."""
        return _call(GATHER, (self, index), (dim,))

    def gcd(self, other):
        """Greatest common divisor of integers, never negative."""
        return _binary(GCD, self, other)

    def gcd_(self, other):
        """In-place form of :meth:`gcd`."""
        return _in_place(GCD, (self, other))

    def ge(self, other):
        """Whether self is at least other, elementwise; false for NaN."""
        return _binary(GE, self, other)

    def ge_(self, other):
        """In-place form of :meth:`ge`."""
        return _in_place(GE, (self, other))

    def geometric(self, p):
        """How many trials of probability p it takes to the first success, in self's shape and dtype; in place, torch.Tensor.geometric_."""
        return _call(GEOMETRIC, (self,), (p,))

    def geometric_(self, p):
        """In-place form of :meth:`geometric`."""
        return _in_place(GEOMETRIC, (self,), (p,))

    def gt(self, other):
        """Whether self is greater than other, elementwise; false for NaN."""
        return _binary(GT, self, other)

    def gt_(self, other):
        """In-place form of :meth:`gt`."""
        return _in_place(GT, (self, other))

    def gumbel_softmax(self, tau=1.0, hard=False, eps=1e-10, dim=-1):
        """Softmax of (logits + g) / tau along a dim, g random Gumbel numbers; with hard, the one-hot vector of its largest element, and the gradient of the soft one."""
        return _call(GUMBEL_SOFTMAX, (self,), (tau, hard, eps, dim))

    def hardshrink(self, lambd=0.5):
        """Zero inside [-lambd, lambd], self outside."""
        return _call(HARDSHRINK, (self,), (lambd,))

    def heaviside(self, values):
        """Step function: 0 below 0, 1 above, and values where self is 0. Has no derivative."""
        return _binary(HEAVISIDE, self, values)

    def heaviside_(self, values):
        """In-place form of :meth:`heaviside`."""
        return _in_place(HEAVISIDE, (self, values))

    def histc(self, bins=100, min=None, max=None):
        """How many elements fall into each of equally wide bins between min and max (both 0: the smallest and the largest element); others are not counted."""
        return _call(HISTC, (self,), (bins, min, max))

    def hsplit(self, *args, **kwargs):
        """Slices along dim 1 (of a vector, dim 0): so many equal pieces."""
        return _hsplit((self, *args), kwargs)

    def hypot(self, other):
        """Length of the hypotenuse: sqrt(self^2 + other^2), without overflow."""
        return _binary(HYPOT, self, other)

    def hypot_(self, other):
        """In-place form of :meth:`hypot`."""
        return _in_place(HYPOT, (self, other))

    def i0(self):
        """Modified Bessel function of the first kind of order 0."""
        return _unary(I0, self)

    def i0_(self):
        """In-place form of :meth:`i0`."""
        return _in_place(I0, (self,))

    def igamma(self, other):
        """Regularised lower incomplete gamma function of other, with the parameter self. Has no derivative in self."""
        return _binary(IGAMMA, self, other)

    def igamma_(self, other):
        """In-place form of :meth:`igamma`."""
        return _in_place(IGAMMA, (self, other))

    def igammac(self, other):
        """Regularised upper incomplete gamma function of other, with the parameter self. Has no derivative in self."""
        return _binary(IGAMMAC, self, other)

    def igammac_(self, other):
        """In-place form of :meth:`igammac`."""
        return _in_place(IGAMMAC, (self, other))

    def index(self, indices=None):
        """Elements where index tensors lead, one for each leading dim, absent for all of a dim; integers or masks, as in self[indices]."""
        return _call(INDEX, (self, indices), ())

    def index_add(self, dim, index, source, alpha=None):
        """Self with alpha times the slices of source added to the indices of a dim that a vector names."""
        return _call(INDEX_ADD, (self, index, source), (dim, alpha))

    def index_add_(self, dim, index, source, alpha=None):
        """In-place form of :meth:`index_add`."""
        return _in_place(INDEX_ADD, (self, index, source), (dim, alpha))

    def index_copy(self, dim, index, source):
        """Self with the slices of source written over the indices of a dim that a vector names."""
        return _call(INDEX_COPY, (self, index, source), (dim,))

    def index_copy_(self, dim, index, source):
        """In-place form of :meth:`index_copy`."""
        return _in_place(INDEX_COPY, (self, index, source), (dim,))

    def index_fill(self, dim, index, value):
        """Self with one value, a number or a 0-d tensor, over the indices of a dim that a vector names."""
        return _call(INDEX_FILL, (self, index, value), (dim,))

    def index_fill_(self, dim, index, value):
        """In-place form of :meth:`index_fill`."""
        return _in_place(INDEX_FILL, (self, index, value), (dim,))

    def index_put(self, indices=None, values=None, accumulate=False):
        """Self with values, which broadcast, written to or added to the elements where index tensors lead, as in self[indices] = values."""
        return _call(INDEX_PUT, (self, indices, values), (accumulate,))

    def index_put_(self, indices=None, values=None, accumulate=False):
        """In-place form of :meth:`index_put`."""
        return _in_place(INDEX_PUT, (self, indices, values), (accumulate,))

    def index_reduce(self, dim, index, source, reduce, include_self=True):
        """Self with slices of source combined into the indices of a dim that a vector names, by prod, mean, amax or amin; what self held counts too unless include_self is false."""
        return _call(INDEX_REDUCE, (self, index, source), (dim, reduce, include_self))

    def index_reduce_(self, dim, index, source, reduce, include_self=True):
        """In-place form of :meth:`index_reduce`."""
        return _in_place(INDEX_REDUCE, (self, index, source), (dim, reduce, include_self))

    def index_select(self, dim, index):
        """The indices of a dim that a vector of int64 or int32 names, in its order."""
        return _call(INDEX_SELECT, (self, index), (dim,))

    def inner(self, other):
        """Inner products over the last dim of both: y[..i, ..j] = sum over p of self[..i, p] * other[..j, p]; a plain product if one is 0-d."""
        return _binary(INNER, self, other)

    def inverse(self):
        """Inverses of square, non-singular matrices; another name of linalg_inv."""
        return _unary(INVERSE, self)

    def isclose(self, other, rtol=1e-05, atol=1e-08, equal_nan=False):
        """Whether elements are close: |self - other| <= atol + rtol |other|, or equal; NaN is close to NaN only with equal_nan."""
        return _call(ISCLOSE, (self, other), (rtol, atol, equal_nan))

    def isfinite(self):
        """Whether an element is neither infinite nor NaN."""
        return _unary(ISFINITE, self)

    def isin(self, test_elements, assume_unique=False, invert=False):
        """Whether each element is among the test elements (is not, if invert)."""
        return _call(ISIN, (self, test_elements), (assume_unique, invert))

    def isinf(self):
        """Whether an element is plus or minus infinity."""
        return _unary(ISINF, self)

    def isnan(self):
        """Whether an element is not a number."""
        return _unary(ISNAN, self)

    def isneginf(self):
        """Whether an element is minus infinity."""
        return _unary(ISNEGINF, self)

    def isposinf(self):
        """Whether an element is plus infinity."""
        return _unary(ISPOSINF, self)

    def kron(self, other):
        """Kronecker product: blocks of other, each times an element of self. Missing dims are of size 1."""
        return _binary(KRON, self, other)

    def kthvalue(self, k, dim=-1, keepdim=False):
        """The k-th smallest element along a dim, and its index. NaN is the largest."""
        return _apply(KTHVALUE, (self,), (k, dim, keepdim))

    def lcm(self, other):
        """Least common multiple of integers, never negative; 0 if one of them is."""
        return _binary(LCM, self, other)

    def lcm_(self, other):
        """In-place form of :meth:`lcm`."""
        return _in_place(LCM, (self, other))

    def ldexp(self, other):
        """Self times a power of two: self * 2^other."""
        return _binary(LDEXP, self, other)

    def ldexp_(self, other):
        """In-place form of :meth:`ldexp`."""
        return _in_place(LDEXP, (self, other))

    def le(self, other):
        """Whether self is at most other, elementwise; false for NaN."""
        return _binary(LE, self, other)

    def le_(self, other):
        """In-place form of :meth:`le`."""
        return _in_place(LE, (self, other))

    def leaky_relu(self, negative_slope=0.01):
        """Leaky rectified linear unit: x where positive, else negative_slope * x."""
        return _call(LEAKY_RELU, (self,), (negative_slope,))

    def leaky_relu_(self, negative_slope=0.01):
        """In-place form of :meth:`leaky_relu`."""
        return _in_place(LEAKY_RELU, (self,), (negative_slope,))

    def lerp(self, end, weight):
        """Linear interpolation: self + weight * (end - self)."""
        return _call(LERP, (self, end, weight), ())

    def lerp_(self, end, weight):
        """In-place form of :meth:`lerp`."""
        return _in_place(LERP, (self, end, weight))

    def lgamma(self):
        """Logarithm of the absolute value of the gamma function."""
        return _unary(LGAMMA, self)

    def lgamma_(self):
        """In-place form of :meth:`lgamma`."""
        return _in_place(LGAMMA, (self,))

    def linspace(self, *args, **kwargs):
        """So many numbers from start to end, which 0-d tensors hold."""
        return _linspace((self, *args), kwargs)

    def log(self):
        """Natural logarithm; -inf at 0, NaN below."""
        return _unary(LOG, self)

    def log_(self):
        """In-place form of :meth:`log`."""
        return _in_place(LOG, (self,))

    def log10(self):
        """Logarithm to base 10."""
        return _unary(LOG10, self)

    def log10_(self):
        """In-place form of :meth:`log10`."""
        return _in_place(LOG10, (self,))

    def log1p(self):
        """Logarithm of one more: log(1 + x), accurate near 0."""
        return _unary(LOG1P, self)

    def log1p_(self):
        """In-place form of :meth:`log1p`."""
        return _in_place(LOG1P, (self,))

    def log2(self):
        """Logarithm to base 2."""
        return _unary(LOG2, self)

    def log2_(self):
        """In-place form of :meth:`log2`."""
        return _in_place(LOG2, (self,))

    def log_normal(self, mean=1.0, std=2.0):
        """Random numbers whose logarithms are normal with that mean and standard deviation, in self's shape and dtype; in place, torch.Tensor.log_normal_."""
        return _call(LOG_NORMAL, (self,), (mean, std))

    def log_normal_(self, mean=1.0, std=2.0):
        """In-place form of :meth:`log_normal`."""
        return _in_place(LOG_NORMAL, (self,), (mean, std))

    def log_softmax(self, dim, dtype=None):
        """Logarithm of softmax along a dim: x - m - log(sum of e^(x - m)), m the largest element."""
        return _call(LOG_SOFTMAX, (self,), (dim, dtype))

    def logaddexp(self, other):
        """Logarithm of a sum of exponentials: log(e^self + e^other), without overflow."""
        return _binary(LOGADDEXP, self, other)

    def logaddexp2(self, other):
        """Logarithm to base 2 of a sum of powers of 2: log2(2^self + 2^other), without overflow."""
        return _binary(LOGADDEXP2, self, other)

    def logcumsumexp(self, dim):
        """Logarithm of the running sum of exponentials along a dim: y[k] = log(e^x[0] + ... + e^x[k])."""
        return _call(LOGCUMSUMEXP, (self,), (dim,))

    def logdet(self):
        """Logarithms of determinants; NaN if negative, -inf if zero."""
        return _unary(LOGDET, self)

    def logical_and(self, other):
        """Whether both elements are true, where all but zero is true."""
        return _binary(LOGICAL_AND, self, other)

    def logical_and_(self, other):
        """In-place form of :meth:`logical_and`."""
        return _in_place(LOGICAL_AND, (self, other))

    def logical_not(self):
        """Whether an element is zero: not x, where all but zero is true."""
        return _unary(LOGICAL_NOT, self)

    def logical_not_(self):
        """In-place form of :meth:`logical_not`."""
        return _in_place(LOGICAL_NOT, (self,))

    def logical_or(self, other):
        """Whether either element is true, where all but zero is true."""
        return _binary(LOGICAL_OR, self, other)

    def logical_or_(self, other):
        """In-place form of :meth:`logical_or`."""
        return _in_place(LOGICAL_OR, (self, other))

    def logical_xor(self, other):
        """Whether exactly one element is true, where all but zero is true."""
        return _binary(LOGICAL_XOR, self, other)

    def logical_xor_(self, other):
        """In-place form of :meth:`logical_xor`."""
        return _in_place(LOGICAL_XOR, (self, other))

    def logit(self, eps=None):
        """Inverse of the sigmoid: log(x / (1 - x)), of x limited to [eps, 1 - eps] if eps is given."""
        return _call(LOGIT, (self,), (eps,))

    def logit_(self, eps=None):
        """In-place form of :meth:`logit`."""
        return _in_place(LOGIT, (self,), (eps,))

    def logsumexp(self, dim, keepdim=False):
        """Logarithm of the sum of exponentials over dims, without overflow: m + log(sum of e^(x - m)), m the largest element."""
        return _call(LOGSUMEXP, (self,), (dim, keepdim))

    def lt(self, other):
        """Whether self is less than other, elementwise; false for NaN."""
        return _binary(LT, self, other)

    def lt_(self, other):
        """In-place form of :meth:`lt`."""
        return _in_place(LT, (self, other))

    def lu_unpack(self, LU_pivots, unpack_data=True, unpack_pivots=True):
        """P, L and U of an LU factorization: the permutation matrix, the unit lower and the upper triangular factor. What is not asked for is empty."""
        return _apply(LU_UNPACK, (self, LU_pivots), (unpack_data, unpack_pivots))

    def mT(self):
        """A view with the last two dims swapped (Tensor.mT)."""
        return _unary(MT, self)

    def masked_fill(self, mask, value):
        """Self with a value, cast to its dtype, where the mask holds."""
        return _call(MASKED_FILL, (self, mask, value), ())

    def masked_fill_(self, mask, value):
        """In-place form of :meth:`masked_fill`."""
        return _in_place(MASKED_FILL, (self, mask, value))

    def masked_scatter(self, mask, source):
        """Self with the elements where a mask is true replaced, in order, by those of source."""
        return _call(MASKED_SCATTER, (self, mask, source), ())

    def masked_scatter_(self, mask, source):
        """In-place form of :meth:`masked_scatter`."""
        return _in_place(MASKED_SCATTER, (self, mask, source))

    def masked_select(self, mask):
        """The elements where a mask is true, as a vector; self and mask broadcast."""
        return _binary(MASKED_SELECT, self, mask)

    def matmul(self, other):
        """Matrix product of tensors of any rank: the last two dims multiply, the dims before them broadcast; a vector is a row on the left and a column on the right, and its dim is not in the result."""
        return _binary(MATMUL, self, other)

    def matrix_H(self):
        """The transpose of a matrix as a view (Tensor.H: for real numbers nothing is conjugated)."""
        return _unary(MATRIX_H, self)

    def matrix_power(self, n):
        """The n-th power of square matrices; another name of linalg_matrix_power."""
        return _call(MATRIX_POWER, (self,), (n,))

    def max(self, *args, **kwargs):
        """Largest of all elements; NaN if there is one. Equal ones share the gradient."""
        return _max((self, *args), kwargs)

    def maximum(self, other):
        """The larger element of two; NaN if either is."""
        return _binary(MAXIMUM, self, other)

    def mean(self, dim=None, keepdim=False, dtype=None):
        """Mean over dims, or of all elements: sum / n; NaN of no elements."""
        return _call(MEAN, (self,), (dim, keepdim, dtype))

    def median(self, *args, **kwargs):
        """The median of all elements, of an even number the lower one; NaN if there is one, or no element. Equal ones share the gradient."""
        return _median((self, *args), kwargs)

    def min(self, *args, **kwargs):
        """Smallest of all elements; NaN if there is one. Equal ones share the gradient."""
        return _min((self, *args), kwargs)

    def minimum(self, other):
        """The smaller element of two; NaN if either is."""
        return _binary(MINIMUM, self, other)

    def mm(self, mat2):
        """Product of two matrices: y[i, j] = sum over p of self[i, p] * mat2[p, j]."""
        return _binary(MM, self, mat2)

    def mode(self, dim=-1, keepdim=False):
        """The most frequent element along a dim, of several the smallest, and the last index of it."""
        return _apply(MODE, (self,), (dim, keepdim))

    def movedim(self, source, destination):
        """A view with some dims moved to other positions; the rest keep their order."""
        return _call(MOVEDIM, (self,), (source, destination))

    def mul(self, other):
        """Product, elementwise: self * other. On truth values, logical and."""
        return _binary(MUL, self, other)

    def mul_(self, other):
        """In-place form of :meth:`mul`."""
        return _in_place(MUL, (self, other))

    def multinomial(self, num_samples, replacement=False):
        """Indices drawn with the probabilities, up to a factor, that a vector or the rows of a matrix hold; with replacement or without."""
        return _call(MULTINOMIAL, (self,), (num_samples, replacement))

    def mv(self, vec):
        """Product of a matrix and a vector: y[i] = sum over p of self[i, p] * vec[p]."""
        return _binary(MV, self, vec)

    def mvlgamma(self, p):
        """Logarithm of the multivariate gamma function of dimension p: p (p - 1) / 4 log pi + the sum of lgamma(self - j / 2) over j below p."""
        return _call(MVLGAMMA, (self,), (p,))

    def mvlgamma_(self, p):
        """In-place form of :meth:`mvlgamma`."""
        return _in_place(MVLGAMMA, (self,), (p,))

    def nan_to_num(self, nan=None, posinf=None, neginf=None):
        """Replaces NaN by a number (0) and the infinities by others (the dtype's greatest and least)."""
        return _call(NAN_TO_NUM, (self,), (nan, posinf, neginf))

    def nan_to_num_(self, nan=None, posinf=None, neginf=None):
        """In-place form of :meth:`nan_to_num`."""
        return _in_place(NAN_TO_NUM, (self,), (nan, posinf, neginf))

    def nanmean(self, dim=None, keepdim=False, dtype=None):
        """Mean over dims, or of all elements, NaN left out."""
        return _call(NANMEAN, (self,), (dim, keepdim, dtype))

    def nanmedian(self, *args, **kwargs):
        """The median of all elements that are not NaN, of an even number the lower one; NaN if there is none. Equal ones share the gradient."""
        return _nanmedian((self, *args), kwargs)

    def nanquantile(self, q, dim=None, keepdim=False, interpolation="linear"):
        """Quantiles along a dim, or of all elements, of those that are not NaN; see quantile."""
        return _call(NANQUANTILE, (self, q), (dim, keepdim, interpolation))

    def nansum(self, dim=None, keepdim=False, dtype=None):
        """Sum over dims, or of all elements, NaN counting as zero."""
        return _call(NANSUM, (self,), (dim, keepdim, dtype))

    def narrow(self, *args, **kwargs):
        """A view of length consecutive indices of a dim from start; a negative start counts from the end."""
        return _narrow((self, *args), kwargs)

    def ne(self, other):
        """Whether the elements differ: self != other; NaN differs from all."""
        return _binary(NE, self, other)

    def ne_(self, other):
        """In-place form of :meth:`ne`."""
        return _in_place(NE, (self, other))

    def neg(self):
        """Negative: -x."""
        return _unary(NEG, self)

    def neg_(self):
        """In-place form of :meth:`neg`."""
        return _in_place(NEG, (self,))

    def new_empty(self, *size, dtype=None):
        """Zeros (memory without a value would show what others left there) of a shape, of self's dtype unless another is given."""
        size = _sizes(size)
        return _call(NEW_EMPTY, (self,), (size, dtype))

    def new_full(self, size, fill_value, dtype=None):
        """One value in a shape, in self's dtype unless another is given."""
        return _call(NEW_FULL, (self,), (size, fill_value, dtype))

    def new_ones(self, *size, dtype=None):
        """Ones of a shape, of self's dtype unless another is given."""
        size = _sizes(size)
        return _call(NEW_ONES, (self,), (size, dtype))

    def new_zeros(self, *size, dtype=None):
        """Zeros of a shape, of self's dtype unless another is given."""
        size = _sizes(size)
        return _call(NEW_ZEROS, (self,), (size, dtype))

    def nextafter(self, other):
        """The next floating-point number after self in the direction of other. Has no derivative."""
        return _binary(NEXTAFTER, self, other)

    def nextafter_(self, other):
        """In-place form of :meth:`nextafter`."""
        return _in_place(NEXTAFTER, (self, other))

    def nonzero(self):
        """The indices of all elements that are not zero, a row of int64 for each, in row-major order."""
        return _unary(NONZERO, self)

    def nonzero_numpy(self):
        """The indices of all elements that are not zero, a vector for each dim (nonzero with as_tuple)."""
        return _apply(NONZERO_NUMPY, (self,), ())

    def norm(self, *args, **kwargs):
        """p-norm over dims, or of all elements: (sum of |x|^p)^(1/p), p = 2 unless given."""
        return _norm((self, *args), kwargs)

    def normal(self, *args, **kwargs):
        """Normal random numbers in self's shape and dtype; in place, torch.Tensor.normal_."""
        return _normal((self, *args), kwargs)

    def normal_(self, *args, **kwargs):
        """In-place form of :meth:`normal`."""
        return _normal.in_place((self, *args), kwargs)

    def numpy_T(self):
        """A view with all dims in reverse order (Tensor.T)."""
        return _unary(NUMPY_T, self)

    def ones_like(self, dtype=None):
        """Ones of self's shape, and of its dtype unless another is given."""
        return _call(ONES_LIKE, (self,), (dtype,))

    def outer(self, vec2):
        """Outer product of two vectors: y[i, j] = self[i] * vec2[j]."""
        return _binary(OUTER, self, vec2)

    def pdist(self, p=2.0):
        """p-norm distances between each row of a matrix and those after it, row by row."""
        return _call(PDIST, (self,), (p,))

    def permute(self, *dims):
        """A view with the dims in the given order."""
        dims = _sizes(dims)
        return _call(PERMUTE, (self,), (dims,))

    def pinverse(self, rcond=1e-15):
        """Moore-Penrose inverses; singular values not above rcond * largest count as zero."""
        return _call(PINVERSE, (self,), (rcond,))

    def poisson(self):
        """Random counts of the Poisson distribution with the rates that self holds; its derivative is zero."""
        return _unary(POISSON, self)

    def polygamma(self, n):
        """The nth derivative of digamma: (-1)^(n+1) n! times the sum of (x + k)^-(n+1) over k from 0, for n above 0."""
        return _call(POLYGAMMA, (self,), (n,))

    def positive(self):
        """The tensor itself: +x."""
        return _unary(POSITIVE, self)

    def pow(self, exponent):
        """Power: self ^ exponent, either of them a tensor or a number."""
        return _binary(POW, self, exponent)

    def pow_(self, exponent):
        """In-place form of :meth:`pow`."""
        return _in_place(POW, (self, exponent))

    def prelu(self, weight):
        """Parametric rectified linear unit: x where positive, else weight * x, with one weight or one for each channel (dim 1)."""
        return _binary(PRELU, self, weight)

    def prod(self, *args, **kwargs):
        """Product of all elements; integers and truth values multiply in int64."""
        return _prod((self, *args), kwargs)

    def put(self, index, source, accumulate=False):
        """Self with elements of source written to, or added to, places in row-major order; negative places count from the end."""
        return _call(PUT, (self, index, source), (accumulate,))

    def put_(self, index, source, accumulate=False):
        """In-place form of :meth:`put`."""
        return _in_place(PUT, (self, index, source), (accumulate,))

    def qr(self, some=True):
        """QR decomposition, the older form of linalg_qr: reduced if some, else complete."""
        return _apply(QR, (self,), (some,))

    def quantile(self, q, dim=None, keepdim=False, interpolation="linear"):
        """Quantiles along a dim, or of all elements, at q in [0, 1]: the element at place q (n - 1) of the sorted ones, interpolated between neighbours (linear, lower, higher, midpoint or nearest). Several q make a first dim. NaN if there is one."""
        return _call(QUANTILE, (self, q), (dim, keepdim, interpolation))

    def rad2deg(self):
        """Radians to degrees: x 180 / pi."""
        return _unary(RAD2DEG, self)

    def rad2deg_(self):
        """In-place form of :meth:`rad2deg`."""
        return _in_place(RAD2DEG, (self,))

    def rand_like(self, dtype=None):
        """Uniform random numbers in [0, 1) of self's shape, and of its dtype unless another is given."""
        return _call(RAND_LIKE, (self,), (dtype,))

    def randint_like(self, *args, **kwargs):
        """Random integers in [0, high) of self's shape, and of its dtype unless another is given."""
        return _randint_like((self, *args), kwargs)

    def randn_like(self, dtype=None):
        """Standard normal random numbers of self's shape, and of its dtype unless another is given."""
        return _call(RANDN_LIKE, (self,), (dtype,))

    def ravel(self):
        """All elements in one dim: a view where strides allow it, else a copy."""
        return _unary(RAVEL, self)

    def reciprocal(self):
        """Reciprocal: 1 / x."""
        return _unary(RECIPROCAL, self)

    def reciprocal_(self):
        """In-place form of :meth:`reciprocal`."""
        return _in_place(RECIPROCAL, (self,))

    def relu(self):
        """Rectified linear unit: max(x, 0)."""
        return _unary(RELU, self)

    def relu_(self):
        """In-place form of :meth:`relu`."""
        return _in_place(RELU, (self,))

    def remainder(self, other):
        """Remainder with the sign of other, as Python has it: self - other floor(self / other)."""
        return _binary(REMAINDER, self, other)

    def remainder_(self, other):
        """In-place form of :meth:`remainder`."""
        return _in_place(REMAINDER, (self, other))

    def renorm(self, p, dim, maxnorm):
        """Scales the slices along a dim whose p-norm exceeds maxnorm down to it."""
        return _call(RENORM, (self,), (p, dim, maxnorm))

    def renorm_(self, p, dim, maxnorm):
        """In-place form of :meth:`renorm`."""
        return _in_place(RENORM, (self,), (p, dim, maxnorm))

    def repeat(self, *repeats):
        """A copy of self repeated along each dim; more numbers than dims add dims in front."""
        repeats = _sizes(repeats)
        return _call(REPEAT, (self,), (repeats,))

    def repeat_interleave(self, *args, **kwargs):
        """Each index of a dim so many times in a row; without a dim, of all elements as one row."""
        return _repeat_interleave((self, *args), kwargs)

    def reshape(self, *shape):
        """The elements in another shape: a view where strides allow it, else a copy."""
        shape = _sizes(shape)
        return _call(RESHAPE, (self,), (shape,))

    def reshape_as(self, other):
        """The elements in the shape of another tensor: a view where strides allow it, else a copy."""
        return _binary(RESHAPE_AS, self, other)

    def roll(self, shifts, dims=None):
        """A copy with dims shifted in a circle; without dims, all elements as one row."""
        return _call(ROLL, (self,), (shifts, dims))

    def rot90(self, k=1, dims=None):
        """A copy turned k times by 90 degrees in the plane of two dims, from the first towards the second."""
        return _call(ROT90, (self,), (k, dims))

    def round(self, decimals=0):
        """The nearest number with some decimals, ties to even; negative decimals round to tens, hundreds and so on."""
        return _call(ROUND, (self,), (decimals,))

    def round_(self, decimals=0):
        """In-place form of :meth:`round`."""
        return _in_place(ROUND, (self,), (decimals,))

    def rrelu(self, lower=0.125, upper=0.3333333333333333, training=False):
        """Randomised leaky ReLU: self where positive, else self times a slope, in training drawn from [lower, upper) for each element, otherwise the middle of the two."""
        return _call(RRELU, (self,), (lower, upper, training))

    def rrelu_(self, lower=0.125, upper=0.3333333333333333, training=False):
        """In-place form of :meth:`rrelu`."""
        return _in_place(RRELU, (self,), (lower, upper, training))

    def rsqrt(self):
        """Reciprocal square root: 1 / sqrt(x)."""
        return _unary(RSQRT, self)

    def rsqrt_(self):
        """In-place form of :meth:`rsqrt`."""
        return _in_place(RSQRT, (self,))

    def rsub(self, other, alpha=None):
        """Difference the other way round, with a factor: other - alpha * self."""
        return _binary(RSUB, self, other) if alpha is None else _apply(RSUB, (self, other), (alpha,))

    def scatter(self, *args, **kwargs):
        """Self with elements of src written where an index leads along a dim: y[i with i[dim] = index[i]] = src[i]."""
        return _scatter((self, *args), kwargs)

    def scatter_(self, *args, **kwargs):
        """In-place form of :meth:`scatter`."""
        return _scatter.in_place((self, *args), kwargs)

    def scatter_add(self, dim, index, src):
        """Self with elements of src added where an index leads along a dim: y[i with i[dim] = index[i]] += src[i]."""
        return _call(SCATTER_ADD, (self, index, src), (dim,))

    def scatter_add_(self, dim, index, src):
        """In-place form of :meth:`scatter_add`."""
        return _in_place(SCATTER_ADD, (self, index, src), (dim,))

    def scatter_reduce(self, dim, index, src, reduce, include_self=True):
        """Self with elements of src combined where an index leads along a dim, by sum, prod, mean, amax or amin; what self held counts too unless include_self is false. Gradients of extrema are shared by ties."""
        return _call(SCATTER_REDUCE, (self, index, src), (dim, reduce, include_self))

    def scatter_reduce_(self, dim, index, src, reduce, include_self=True):
        """In-place form of :meth:`scatter_reduce`."""
        return _in_place(SCATTER_REDUCE, (self, index, src), (dim, reduce, include_self))

    def searchsorted(self, sorted_sequence, out_int32=False, right=False, side=None, sorter=None):
        """Where values would go into sorted rows to keep them sorted: the first place, or, if right (or side "right"), the place after equal ones. A sorter tells the order of rows that are not sorted."""
        return _call(SEARCHSORTED, (sorted_sequence, self, sorter), (out_int32, right, side))

    def select(self, dim, index):
        """A view of one index of a dim, which goes away; a negative index counts from the end."""
        return _call(SELECT, (self,), (dim, index))

    def select_scatter(self, src, dim, index):
        """A copy of self with one index of a dim replaced by src."""
        return _call(SELECT_SCATTER, (self, src), (dim, index))

    def selu(self):
        """Self-normalizing exponential linear unit: elu with alpha = 1.6733 and scale = 1.0507."""
        return _unary(SELU, self)

    def selu_(self):
        """In-place form of :meth:`selu`."""
        return _in_place(SELU, (self,))

    def sgn(self):
        """Sign: -1, 0 or 1; of real numbers the same as sign."""
        return _unary(SGN, self)

    def sgn_(self):
        """In-place form of :meth:`sgn`."""
        return _in_place(SGN, (self,))

    def sigmoid(self):
        """Logistic function: 1 / (1 + e^-x)."""
        return _unary(SIGMOID, self)

    def sigmoid_(self):
        """In-place form of :meth:`sigmoid`."""
        return _in_place(SIGMOID, (self,))

    def sign(self):
        """Sign: -1, 0 or 1; NaN has none and gives 0."""
        return _unary(SIGN, self)

    def sign_(self):
        """In-place form of :meth:`sign`."""
        return _in_place(SIGN, (self,))

    def signbit(self):
        """Whether the sign of an element is minus; -0.0 has it."""
        return _unary(SIGNBIT, self)

    def silu(self):
        """Sigmoid linear unit: x sigmoid(x)."""
        return _unary(SILU, self)

    def silu_(self):
        """In-place form of :meth:`silu`."""
        return _in_place(SILU, (self,))

    def sin(self):
        """Sine of x radians."""
        return _unary(SIN, self)

    def sin_(self):
        """In-place form of :meth:`sin`."""
        return _in_place(SIN, (self,))

    def sinc(self):
        """Normalized sinc: sin(pi x) / (pi x), 1 at 0."""
        return _unary(SINC, self)

    def sinc_(self):
        """In-place form of :meth:`sinc`."""
        return _in_place(SINC, (self,))

    def sinh(self):
        """Hyperbolic sine."""
        return _unary(SINH, self)

    def sinh_(self):
        """In-place form of :meth:`sinh`."""
        return _in_place(SINH, (self,))

    def slice(self, dim=0, start=None, end=None, step=1):
        """A view of every step-th index of a dim from start up to, not including, end; as Python slices, negative bounds count from the end."""
        return _call(SLICE, (self,), (dim, start, end, step))

    def slice_scatter(self, src, dim=0, start=None, end=None, step=1):
        """A copy of self with a slice of a dim replaced by src."""
        return _call(SLICE_SCATTER, (self, src), (dim, start, end, step))

    def slogdet(self):
        """Sign and logarithm of the size of determinants; another name of linalg_slogdet."""
        return _apply(SLOGDET, (self,), ())

    def softmax(self, dim, dtype=None):
        """Softmax along a dim: e^(x - m) / sum of e^(x - m), m the largest element."""
        return _call(SOFTMAX, (self,), (dim, dtype))

    def sort(self, *args, **kwargs):
        """The elements along a dim in order, and the indices where they came from. Equal elements keep their order; NaN is the largest."""
        return _sort((self, *args), kwargs)

    def split(self, *args, **kwargs):
        """Views of consecutive pieces of a dim, of one size each but for a shorter last one."""
        return _split((self, *args), kwargs)

    def split_with_sizes(self, split_sizes, dim=0):
        """Views of consecutive pieces of a dim, of the given sizes."""
        return _apply(SPLIT_WITH_SIZES, (self,), (split_sizes, dim))

    def sqrt(self):
        """Square root."""
        return _unary(SQRT, self)

    def sqrt_(self):
        """In-place form of :meth:`sqrt`."""
        return _in_place(SQRT, (self,))

    def square(self):
        """Square: x^2."""
        return _unary(SQUARE, self)

    def square_(self):
        """In-place form of :meth:`square`."""
        return _in_place(SQUARE, (self,))

    def squeeze(self, *args, **kwargs):
        """A view without the dims of size 1."""
        return _squeeze((self, *args), kwargs)

    def squeeze_(self, *args, **kwargs):
        """In-place form of :meth:`squeeze`."""
        return _squeeze.in_place((self, *args), kwargs)

    def std(self, *args, **kwargs):
        """Standard deviation of all elements, corrected by 1 if unbiased, else by 0."""
        return _std((self, *args), kwargs)

    def std_mean(self, *args, **kwargs):
        """Standard deviation over dims, or of all elements, and the mean; correction 1 unless given."""
        return _std_mean((self, *args), kwargs)

    def sub(self, other, alpha=None):
        """Difference with a factor: self - alpha * other."""
        return _binary(SUB, self, other) if alpha is None else _apply(SUB, (self, other), (alpha,))

    def sub_(self, other, alpha=None):
        """In-place form of :meth:`sub`."""
        return _in_place(SUB, (self, other), (alpha,))

    def sum(self, dim=None, keepdim=False, dtype=None):
        """Sum over dims, or of all elements; integers and truth values add up in int64."""
        return _call(SUM, (self,), (dim, keepdim, dtype))

    def sum_to_size(self, size):
        """Sums the dims that broadcasting from a shape would have repeated, so that the result has that shape."""
        return _call(SUM_TO_SIZE, (self,), (size,))

    def svd(self, some=True, compute_uv=True):
        """Singular value decomposition self = U diag(S) V^T, the older form of linalg_svd: it gives V, not its transpose."""
        return _apply(SVD, (self,), (some, compute_uv))

    def swapaxes(self, axis0, axis1):
        """A view with two dims swapped: transpose under NumPy's name."""
        return _call(SWAPAXES, (self,), (axis0, axis1))

    def t(self):
        """The transpose of a matrix, as a view; tensors with fewer than two dims stay as they are."""
        return _unary(T, self)

    def t_(self):
        """In-place form of :meth:`t`."""
        return _in_place(T, (self,))

    def take(self, index):
        """Elements of self by their place in row-major order; negative places count from the end."""
        return _binary(TAKE, self, index)

    def take_along_dim(self, indices, dim=None):
        """Elements of self where an index leads along a dim, other dims broadcasting; without a dim, among all elements."""
        return _binary(TAKE_ALONG_DIM, self, indices) if dim is None else _apply(TAKE_ALONG_DIM, (self, indices), (dim,))

    def tan(self):
        """Tangent of x radians."""
        return _unary(TAN, self)

    def tan_(self):
        """In-place form of :meth:`tan`."""
        return _in_place(TAN, (self,))

    def tanh(self):
        """Hyperbolic tangent: (e^x - e^-x) / (e^x + e^-x)."""
        return _unary(TANH, self)

    def tanh_(self):
        """In-place form of :meth:`tanh`."""
        return _in_place(TANH, (self,))

    def tensor_split(self, *args, **kwargs):
        """Slices of a dim in so many pieces, the first ones longer by one where it does not divide."""
        return _tensor_split((self, *args), kwargs)

    def tensordot(self, other, dims_self, dims_other):
        """Sum of products over pairs of dims, dims_self of self with dims_other of other; the result has the other dims, those of self first. One matrix product."""
        return _call(TENSORDOT, (self, other), (dims_self, dims_other))

    def tile(self, *dims):
        """A copy of self repeated along its last dims: repeat, where fewer numbers than dims will do."""
        dims = _sizes(dims)
        return _call(TILE, (self,), (dims,))

    def to(self, dtype):
        """The values in another dtype; the tensor itself if it has that dtype already. Gradients are cast back."""
        return _call(TO, (self,), (dtype,))

    def topk(self, k, dim=-1, largest=True, sorted=True):
        """The k largest elements along a dim (or smallest), in order, and their indices. NaN is the largest."""
        return _apply(TOPK, (self,), (k, dim, largest, sorted))

    def trace(self):
        """The sum of the main diagonal of a matrix."""
        return _unary(TRACE, self)

    def transpose(self, dim0, dim1):
        """A view with two dims swapped."""
        return _call(TRANSPOSE, (self,), (dim0, dim1))

    def transpose_(self, dim0, dim1):
        """In-place form of :meth:`transpose`."""
        return _in_place(TRANSPOSE, (self,), (dim0, dim1))

    def trapezoid(self, *args, **kwargs):
        """Integral along a dim by the trapezoidal rule, at equal distances dx: dx times the sum of (y[k] + y[k + 1]) / 2."""
        return _trapezoid((self, *args), kwargs)

    def triangular_solve(self, A, upper=True, transpose=False, unitriangular=False):
        """Solves A X = self (A^T X = self if transpose) with triangular A; gives X and a copy of A. The older form of linalg_solve_triangular."""
        return _apply(TRIANGULAR_SOLVE, (self, A), (upper, transpose, unitriangular))

    def tril(self, diagonal=0):
        """Matrices with the elements above a diagonal set to zero."""
        return _call(TRIL, (self,), (diagonal,))

    def tril_(self, diagonal=0):
        """In-place form of :meth:`tril`."""
        return _in_place(TRIL, (self,), (diagonal,))

    def triu(self, diagonal=0):
        """Matrices with the elements below a diagonal set to zero."""
        return _call(TRIU, (self,), (diagonal,))

    def triu_(self, diagonal=0):
        """In-place form of :meth:`triu`."""
        return _in_place(TRIU, (self,), (diagonal,))

    def trunc(self):
        """The integer part of x."""
        return _unary(TRUNC, self)

    def trunc_(self):
        """In-place form of :meth:`trunc`."""
        return _in_place(TRUNC, (self,))

    def unbind(self, dim=0):
        """Views of each index of a dim, which goes away."""
        return _apply(UNBIND, (self,), (dim,))

    def unflatten(self, dim, sizes):
        """Makes several dims of one, as a view; one of the sizes may be -1."""
        return _call(UNFLATTEN, (self,), (dim, sizes))

    def unfold(self, dimension, size, step):
        """A view of all windows of a size along a dim, step apart: the dim counts the windows, a new last dim runs inside them."""
        return _call(UNFOLD, (self,), (dimension, size, step))

    def uniform(self, from_=0.0, to=1.0):
        """Uniform random numbers in [from, to) in self's shape and dtype; in place, torch.Tensor.uniform_."""
        return _call(UNIFORM, (self,), (from_, to))

    def uniform_(self, from_=0.0, to=1.0):
        """In-place form of :meth:`uniform`."""
        return _in_place(UNIFORM, (self,), (from_, to))

    def unique(self, sorted=True, return_inverse=False, return_counts=False, dim=None):
        """The distinct elements in ascending order; with dim, the distinct slices along it in lexicographic order. inverse_indices says where each element went, counts how often each occurs; both are empty unless asked for. NaN equals nothing. Has no derivative."""
        return _apply(UNIQUE, (self,), (sorted, return_inverse, return_counts, dim))

    def unique_consecutive(self, return_inverse=False, return_counts=False, dim=None):
        """One element of each run of equal ones; with dim, one slice of each run of equal slices along it. inverse_indices says to which run each element belongs, counts how long the runs are; both are empty unless asked for. Has no derivative."""
        return _apply(UNIQUE_CONSECUTIVE, (self,), (return_inverse, return_counts, dim))

    def unsafe_chunk(self, chunks, dim=0):
        """Copies of a dim in at most so many pieces of one size, but for a shorter last one; unlike the views of chunk, they may be written in place."""
        return _apply(UNSAFE_CHUNK, (self,), (chunks, dim))

    def unsafe_split(self, split_size, dim=0):
        """Copies of the parts of a tensor along a dim, of split_size each but the last; unlike the views of split, they may be written in place."""
        return _apply(UNSAFE_SPLIT, (self,), (split_size, dim))

    def unsqueeze(self, dim):
        """A view with a dim of size 1 put in at a position."""
        return _call(UNSQUEEZE, (self,), (dim,))

    def unsqueeze_(self, dim):
        """In-place form of :meth:`unsqueeze`."""
        return _in_place(UNSQUEEZE, (self,), (dim,))

    def vander(self, n=None, increasing=False):
        """Vandermonde matrix: row i holds the powers of x[i], from n - 1 down to 0, or upwards if increasing."""
        return _call(VANDER, (self,), (n, increasing))

    def var(self, *args, **kwargs):
        """Variance of all elements, corrected by 1 if unbiased, else by 0."""
        return _var((self, *args), kwargs)

    def var_mean(self, *args, **kwargs):
        """Variance over dims, or of all elements, and the mean; correction 1 unless given."""
        return _var_mean((self, *args), kwargs)

    def vdot(self, other):
        """Inner product of two vectors: sum of self * other; for real numbers the same as dot."""
        return _binary(VDOT, self, other)

    def view(self, *size):
        """The same memory under another shape; one size may be -1. Refused where strides do not allow it."""
        size = _sizes(size)
        return _call(VIEW, (self,), (size,))

    def view_as(self, other):
        """The same memory in the shape of another tensor."""
        return _binary(VIEW_AS, self, other)

    def vsplit(self, *args, **kwargs):
        """Slices along dim 0: so many equal pieces."""
        return _vsplit((self, *args), kwargs)

    def where(self, condition, other):
        """Chooses elementwise: self where the condition holds, else other."""
        return _call(WHERE, (condition, self, other), ())

    def xlogy(self, other):
        """Product with a logarithm: self * log(other), 0 where self is 0 and other is not NaN."""
        return _binary(XLOGY, self, other)

    def xlogy_(self, other):
        """In-place form of :meth:`xlogy`."""
        return _in_place(XLOGY, (self, other))

    def zero(self):
        """Zeros of self's shape and dtype; in place, torch.Tensor.zero_."""
        return _unary(ZERO, self)

    def zero_(self):
        """In-place form of :meth:`zero`."""
        return _in_place(ZERO, (self,))

    def zeros_like(self, dtype=None):
        """Zeros of self's shape, and of its dtype unless another is given."""
        return _call(ZEROS_LIKE, (self,), (dtype,))
    absolute = abs
    absolute_ = abs_
    arccos = acos
    arccos_ = acos_
    arccosh = acosh
    arccosh_ = acosh_
    arcsin = asin
    arcsin_ = asin_
    arcsinh = asinh
    arcsinh_ = asinh_
    arctan = atan
    arctan_ = atan_
    arctanh = atanh
    arctanh_ = atanh_
    arctan2 = atan2
    arctan2_ = atan2_
    clip = clamp
    clip_ = clamp_
    divide = div
    divide_ = div_
    true_divide = div
    true_divide_ = div_
    multiply = mul
    multiply_ = mul_
    subtract = sub
    subtract_ = sub_
    negative = neg
    negative_ = neg_
    fix = trunc
    fix_ = trunc_
    greater = gt
    greater_ = gt_
    greater_equal = ge
    greater_equal_ = ge_
    less = lt
    less_ = lt_
    less_equal = le
    less_equal_ = le_
    not_equal = ne
    not_equal_ = ne_
    moveaxis = movedim
    swapdims = swapaxes
    ger = outer



def _fused_adam(input, grad, exp_avg, exp_avg_sq, max_exp_avg_sq=None, state_step=None, lr=None, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-08, maximize=False):
    """One step of Adam for one parameter in one pass over memory: p becomes p - lr m' / (sqrt(v') + eps) with bias-corrected running means m' of the gradient (exp_avg) and v' of its square (exp_avg_sq). Counts state_step, of one element; given max_exp_avg_sq, it divides by the largest v so far (amsgrad). Parameter, gradient and state are of one shape and floating dtype.

    Args:
        input: A tensor.
        grad: A tensor.
        exp_avg: A tensor.
        exp_avg_sq: A tensor.
        max_exp_avg_sq: A tensor; may be left out.
        state_step: A tensor.
        lr: A tensor or a number.
        beta1: A float; may be left out.
        beta2: A float; may be left out.
        weight_decay: A float; may be left out.
        eps: A float; may be left out.
        maximize: A truth value; may be left out.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(_FUSED_ADAM, (input, grad, exp_avg, exp_avg_sq, max_exp_avg_sq, state_step, lr), (beta1, beta2, weight_decay, eps, maximize))


def _fused_adamw(input, grad, exp_avg, exp_avg_sq, max_exp_avg_sq=None, state_step=None, lr=None, beta1=0.9, beta2=0.999, weight_decay=0.01, eps=1e-08, maximize=False):
    """One step of AdamW for one parameter in one pass over memory: p becomes p (1 - lr weight_decay) - lr m' / (sqrt(v') + eps) with bias-corrected running means m' of the gradient (exp_avg) and v' of its square (exp_avg_sq). Counts state_step, of one element; given max_exp_avg_sq, it divides by the largest v so far (amsgrad). Parameter, gradient and state are of one shape and floating dtype.

    Args:
        input: A tensor.
        grad: A tensor.
        exp_avg: A tensor.
        exp_avg_sq: A tensor.
        max_exp_avg_sq: A tensor; may be left out.
        state_step: A tensor.
        lr: A tensor or a number.
        beta1: A float; may be left out.
        beta2: A float; may be left out.
        weight_decay: A float; may be left out.
        eps: A float; may be left out.
        maximize: A truth value; may be left out.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(_FUSED_ADAMW, (input, grad, exp_avg, exp_avg_sq, max_exp_avg_sq, state_step, lr), (beta1, beta2, weight_decay, eps, maximize))


def _fused_rmsprop(input, grad, square_avg, grad_avg=None, momentum_buffer=None, state_step=None, lr=None, alpha=0.99, weight_decay=0.0, eps=1e-08, momentum=0.0, maximize=False):
    """One step of RMSprop for one parameter in one pass over memory: p becomes p - lr g / (sqrt(v) + eps) with v (square_avg) the running mean of the squared gradient. Given grad_avg, the squared running mean of the gradient is taken from v first (centered); with momentum the quotient goes through momentum_buffer. Counts state_step, if given. Parameter, gradient and state are of one shape and floating dtype.

    Args:
        input: A tensor.
        grad: A tensor.
        square_avg: A tensor.
        grad_avg: A tensor; may be left out.
        momentum_buffer: A tensor; may be left out.
        state_step: A tensor; may be left out.
        lr: A tensor or a number.
        alpha: A float; may be left out.
        weight_decay: A float; may be left out.
        eps: A float; may be left out.
        momentum: A float; may be left out.
        maximize: A truth value; may be left out.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(_FUSED_RMSPROP, (input, grad, square_avg, grad_avg, momentum_buffer, state_step, lr), (alpha, weight_decay, eps, momentum, maximize))


def _fused_sgd(input, grad, momentum_buffer=None, state_step=None, lr=None, weight_decay=0.0, momentum=0.0, dampening=0.0, nesterov=False, maximize=False, is_first_step=False):
    """One step of stochastic gradient descent for one parameter in one pass over memory: p becomes p - lr g. With momentum the buffer b becomes momentum b + (1 - dampening) g and p - lr b, or with nesterov p - lr (g + momentum b). The first step only copies g into b: said by is_first_step, or by a state_step of 0, which is then counted. Parameter, gradient and buffer are of one shape and floating dtype.

    Args:
        input: A tensor.
        grad: A tensor.
        momentum_buffer: A tensor; may be left out.
        state_step: A tensor; may be left out.
        lr: A tensor or a number.
        weight_decay: A float; may be left out.
        momentum: A float; may be left out.
        dampening: A float; may be left out.
        nesterov: A truth value; may be left out.
        maximize: A truth value; may be left out.
        is_first_step: A truth value; may be left out.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(_FUSED_SGD, (input, grad, momentum_buffer, state_step, lr), (weight_decay, momentum, dampening, nesterov, maximize, is_first_step))


def abs(input):
    """Absolute value: |x|.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ABS, input)


def acos(input):
    """Inverse cosine, in radians; NaN outside [-1, 1].

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ACOS, input)


def acosh(input):
    """Inverse hyperbolic cosine; NaN below 1.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ACOSH, input)


def adaptive_avg_pool1d(input, output_size):
    """The means of output_size windows over the last dim, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).

    Args:
        input: A tensor.
        output_size: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADAPTIVE_AVG_POOL1D, (input,), (output_size,))


def adaptive_avg_pool2d(input, output_size):
    """The means of output_size windows over the last two dims, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).

    Args:
        input: A tensor.
        output_size: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADAPTIVE_AVG_POOL2D, (input,), (output_size,))


def adaptive_avg_pool3d(input, output_size):
    """The means of output_size windows over the last three dims, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).

    Args:
        input: A tensor.
        output_size: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADAPTIVE_AVG_POOL3D, (input,), (output_size,))


def adaptive_max_pool1d(input, output_size):
    """The largest elements of output_size windows over the last dim, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).

    Args:
        input: A tensor.
        output_size: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADAPTIVE_MAX_POOL1D, (input,), (output_size,))


def adaptive_max_pool1d_with_indices(input, output_size):
    """As adaptive_max_pool1d, and the index of each maximum within its plane: adaptive_max_pool1d with return_indices.

    Args:
        input: A tensor.
        output_size: Integers.

    Returns:
        A named tuple: output, indices.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(ADAPTIVE_MAX_POOL1D_WITH_INDICES, (input,), (output_size,))


def adaptive_max_pool2d(input, output_size):
    """The largest elements of output_size windows over the last two dims, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).

    Args:
        input: A tensor.
        output_size: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADAPTIVE_MAX_POOL2D, (input,), (output_size,))


def adaptive_max_pool2d_with_indices(input, output_size):
    """As adaptive_max_pool2d, and the index of each maximum within its plane: adaptive_max_pool2d with return_indices.

    Args:
        input: A tensor.
        output_size: Integers.

    Returns:
        A named tuple: output, indices.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(ADAPTIVE_MAX_POOL2D_WITH_INDICES, (input,), (output_size,))


def adaptive_max_pool3d(input, output_size):
    """The largest elements of output_size windows over the last three dims, spread evenly: window o reaches from floor(o input / output) to ceil((o + 1) input / output).

    Args:
        input: A tensor.
        output_size: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADAPTIVE_MAX_POOL3D, (input,), (output_size,))


def adaptive_max_pool3d_with_indices(input, output_size):
    """As adaptive_max_pool3d, and the index of each maximum within its plane: adaptive_max_pool3d with return_indices.

    Args:
        input: A tensor.
        output_size: Integers.

    Returns:
        A named tuple: output, indices.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(ADAPTIVE_MAX_POOL3D_WITH_INDICES, (input,), (output_size,))


def add(input, other, alpha=None):
    """Sum with a factor: self + alpha * other. On truth values, logical or.

    Args:
        input: A tensor or a number.
        other: A tensor or a number.
        alpha: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(ADD, input, other) if alpha is None else _apply(ADD, (input, other), (alpha,))


def addbmm(input, batch1, batch2, beta=None, alpha=None):
    """Sum of the products of two batches of matrices, added to a matrix: beta * self + alpha * sum over b of batch1[b] batch2[b].

    Args:
        input: A tensor.
        batch1: A tensor.
        batch2: A tensor.
        beta: A number; may be left out.
        alpha: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADDBMM, (input, batch1, batch2), (beta, alpha))


def addcdiv(input, tensor1, tensor2, value=None):
    """Sum with a scaled quotient: self + value * tensor1 / tensor2.

    Args:
        input: A tensor.
        tensor1: A tensor.
        tensor2: A tensor.
        value: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADDCDIV, (input, tensor1, tensor2), (value,))


def addcmul(input, tensor1, tensor2, value=None):
    """Sum with a scaled product: self + value * tensor1 * tensor2.

    Args:
        input: A tensor.
        tensor1: A tensor.
        tensor2: A tensor.
        value: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADDCMUL, (input, tensor1, tensor2), (value,))


def addmm(input, mat1, mat2, beta=None, alpha=None):
    """Matrix product added to a tensor that broadcasts to it: beta * self + alpha * (mat1 mat2).

    Args:
        input: A tensor.
        mat1: A tensor.
        mat2: A tensor.
        beta: A number; may be left out.
        alpha: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADDMM, (input, mat1, mat2), (beta, alpha))


def addmv(input, mat, vec, beta=None, alpha=None):
    """Product of a matrix and a vector, added to a vector: beta * self + alpha * (mat vec).

    Args:
        input: A tensor.
        mat: A tensor.
        vec: A tensor.
        beta: A number; may be left out.
        alpha: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADDMV, (input, mat, vec), (beta, alpha))


def addr(input, vec1, vec2, beta=None, alpha=None):
    """Outer product added to a matrix: beta * self + alpha * vec1[i] * vec2[j].

    Args:
        input: A tensor.
        vec1: A tensor.
        vec2: A tensor.
        beta: A number; may be left out.
        alpha: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ADDR, (input, vec1, vec2), (beta, alpha))


def affine_grid(theta, size, align_corners=None):
    """The grid for grid_sample that an affine map names: theta (batch x 2 x 3, or x 3 x 4) applied to every place (x, y, (z,) 1) of an output of given size, places in [-1, 1].

    Args:
        theta: A tensor.
        size: Integers.
        align_corners: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(AFFINE_GRID, (theta,), (size, align_corners))


def all(input, dim=None, keepdim=False):
    """Whether all elements over dims, or of the whole tensor, are other than zero; true of no elements. uint8 stays uint8.

    Args:
        input: A tensor.
        dim: Integers; may be left out.
        keepdim: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ALL, (input,), (dim, keepdim))


def allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether all elements are close, as a 0-d truth value: |self - other| <= atol + rtol |other|, or equal; NaN is close to NaN only with equal_nan.

    Args:
        input: A tensor.
        other: A tensor.
        rtol: A float; may be left out.
        atol: A float; may be left out.
        equal_nan: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ALLCLOSE, (input, other), (rtol, atol, equal_nan))


def alpha_dropout(input, p=0.5, training=False):
    """Dropout that keeps the mean and variance of SELU's outputs: a dropped element becomes SELU's lower limit, and all are then scaled and shifted.

    Args:
        input: A tensor.
        p: A float; may be left out.
        training: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ALPHA_DROPOUT, (input,), (p, training))


def amax(input, dim=None, keepdim=False):
    """Largest element over dims, or of all; NaN if there is one. Equal ones share the gradient.

    Args:
        input: A tensor.
        dim: Integers; may be left out.
        keepdim: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(AMAX, (input,), (dim, keepdim))


def amin(input, dim=None, keepdim=False):
    """Smallest element over dims, or of all; NaN if there is one. Equal ones share the gradient.

    Args:
        input: A tensor.
        dim: Integers; may be left out.
        keepdim: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(AMIN, (input,), (dim, keepdim))


def aminmax(input, dim=None, keepdim=False):
    """Smallest and largest element along a dim, or of all; NaN if there is one. Equal ones share the gradient.

    Args:
        input: A tensor.
        dim: An integer; may be left out.
        keepdim: A truth value; may be left out.

    Returns:
        A named tuple: min, max.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(AMINMAX, (input,), (dim, keepdim))


def any(input, dim=None, keepdim=False):
    """Whether any element over dims, or of the whole tensor, is other than zero; false of no elements. uint8 stays uint8.

    Args:
        input: A tensor.
        dim: Integers; may be left out.
        keepdim: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ANY, (input,), (dim, keepdim))


def arange(*args, **kwargs):
    """The numbers 0, 1, 2, ... below end; int64 if all are integers, else float32, unless a dtype is given.

    Forms:
        arange(end, dtype=None)
        arange(start, end, dtype=None)
        arange(start, end, step, dtype=None)
    """
    return _arange(args, kwargs)


def argmax(input, dim=None, keepdim=False):
    """Index of the first largest element along a dim, or among all elements row-major; NaN counts as largest.

    Args:
        input: A tensor.
        dim: An integer; may be left out.
        keepdim: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ARGMAX, (input,), (dim, keepdim))


def argmin(input, dim=None, keepdim=False):
    """Index of the first smallest element along a dim, or among all elements row-major; NaN counts as smallest.

    Args:
        input: A tensor.
        dim: An integer; may be left out.
        keepdim: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ARGMIN, (input,), (dim, keepdim))


def argsort(*args, **kwargs):
    """Indices that put the elements along a dim in order; equal elements keep their order, NaN is the largest.

    Forms:
        argsort(input, dim=-1, descending=False)
        argsort(input, stable, dim=-1, descending=False)
    """
    return _argsort(args, kwargs)


def argwhere(input):
    """The indices of all elements that are not zero, a row for each: nonzero under NumPy's name.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ARGWHERE, input)


def as_strided(input, size, stride, storage_offset=None):
    """A view of the storage in any geometry: sizes, strides and offset in elements.

    Args:
        input: A tensor.
        size: Integers.
        stride: Integers.
        storage_offset: An integer; may be left out.

    Returns:
        The result, which may share the input's memory.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(AS_STRIDED, (input,), (size, stride, storage_offset))


def asin(input):
    """Inverse sine, in radians; NaN outside [-1, 1].

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ASIN, input)


def asinh(input):
    """Inverse hyperbolic sine.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ASINH, input)


def atan(input):
    """Inverse tangent, in radians.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ATAN, input)


def atan2(input, other):
    """Angle of the point (other, self) in radians: atan(self / other) in the right quadrant.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(ATAN2, input, other)


def atanh(input):
    """Inverse hyperbolic tangent; infinite at -1 and 1, NaN beyond.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ATANH, input)


def atleast_1d(*args, **kwargs):
    """The tensor itself, or a view of it with dims of size 1 added so that it has at least 1.

    Forms:
        atleast_1d(input)
        atleast_1d(tensors)
    """
    return _atleast_1d(args, kwargs)


def atleast_2d(*args, **kwargs):
    """The tensor itself, or a view of it with dims of size 1 added so that it has at least 2.

    Forms:
        atleast_2d(input)
        atleast_2d(tensors)
    """
    return _atleast_2d(args, kwargs)


def atleast_3d(*args, **kwargs):
    """The tensor itself, or a view of it with dims of size 1 added so that it has at least 3.

    Forms:
        atleast_3d(input)
        atleast_3d(tensors)
    """
    return _atleast_3d(args, kwargs)


def avg_pool1d(input, kernel_size, stride=None, padding=None, ceil_mode=False, count_include_pad=True):
    """The mean of every window over the last dim; windows are stride (by default the kernel's size) apart, and padding counts as zeros if count_include_pad says so.

    Args:
        input: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        ceil_mode: A truth value; may be left out.
        count_include_pad: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(AVG_POOL1D, (input,), (kernel_size, stride, padding, ceil_mode, count_include_pad))


def avg_pool2d(input, kernel_size, stride=None, padding=None, ceil_mode=False, count_include_pad=True, divisor_override=None):
    """The mean of every window over the last two dims; windows are stride (by default the kernel's size) apart, and padding counts as zeros if count_include_pad says so.

    Args:
        input: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        ceil_mode: A truth value; may be left out.
        count_include_pad: A truth value; may be left out.
        divisor_override: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(AVG_POOL2D, (input,), (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override))


def avg_pool3d(input, kernel_size, stride=None, padding=None, ceil_mode=False, count_include_pad=True, divisor_override=None):
    """The mean of every window over the last three dims; windows are stride (by default the kernel's size) apart, and padding counts as zeros if count_include_pad says so.

    Args:
        input: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        ceil_mode: A truth value; may be left out.
        count_include_pad: A truth value; may be left out.
        divisor_override: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(AVG_POOL3D, (input,), (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override))


def baddbmm(input, batch1, batch2, beta=None, alpha=None):
    """Products of two batches of matrices, added to a tensor that broadcasts to them: beta * self + alpha * (batch1[b] batch2[b]).

    Args:
        input: A tensor.
        batch1: A tensor.
        batch2: A tensor.
        beta: A number; may be left out.
        alpha: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(BADDBMM, (input, batch1, batch2), (beta, alpha))


def bartlett_window(window_length, periodic=True, dtype=None, requires_grad=False):
    """Bartlett window: 1 - |2 i / N - 1|, with N the window's length, or one less where it is not periodic.

    Args:
        window_length: An integer.
        periodic: A truth value; may be left out.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(BARTLETT_WINDOW, (), (window_length, periodic, dtype), requires_grad=requires_grad)


def batch_norm(input, running_mean=None, running_var=None, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05):
    """Batch normalisation of every channel (dim 1): (x - mean) / sqrt(variance + eps) * weight + bias. In training with the batch's mean and variance, which also move the running ones by momentum (the variance without bias); else with the running ones.

    Args:
        input: A tensor.
        running_mean: A tensor; may be left out.
        running_var: A tensor; may be left out.
        weight: A tensor; may be left out.
        bias: A tensor; may be left out.
        training: A truth value; may be left out.
        momentum: A float; may be left out.
        eps: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(BATCH_NORM, (input, running_mean, running_var, weight, bias), (training, momentum, eps))


def bernoulli(*args, **kwargs):
    """Ones with the probability that self holds at each place, else zeros; its derivative is zero.

    Forms:
        bernoulli(input)
        bernoulli(input, p)
    """
    return _bernoulli(args, kwargs)


def bilinear(input1, input2, weight, bias=None):
    """A bilinear form of two inputs for each output feature: y_o = sum of input1_i weight_oij input2_j, plus bias_o. weight is [out, in1, in2].

    Args:
        input1: A tensor.
        input2: A tensor.
        weight: A tensor.
        bias: A tensor; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(BILINEAR, (input1, input2, weight, bias), ())


def binary_cross_entropy(input, target, weight=None, reduction="mean"):
    """Binary cross-entropy of probabilities: -weight (target log self + (1 - target) log(1 - self)), logarithms held above -100.

    Args:
        input: A tensor.
        target: A tensor.
        weight: A tensor; may be left out.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(BINARY_CROSS_ENTROPY, (input, target, weight), (reduction,))


def binary_cross_entropy_with_logits(input, target, weight=None, pos_weight=None, reduction="mean"):
    """Binary cross-entropy of logits, stable for large ones: weight ((1 - target) x + l (log(1 + e^-|x|) + max(-x, 0))) with l = 1 + (pos_weight - 1) target.

    Args:
        input: A tensor.
        target: A tensor.
        weight: A tensor; may be left out.
        pos_weight: A tensor; may be left out.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(BINARY_CROSS_ENTROPY_WITH_LOGITS, (input, target, weight, pos_weight), (reduction,))


def bincount(input, weights=None, minlength=0):
    """How often each number from 0 to the largest occurs among integers, or the sum of weights where it does; at least minlength counts.

    Args:
        input: A tensor.
        weights: A tensor; may be left out.
        minlength: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(BINCOUNT, (input, weights), (minlength,))


def bitwise_and(input, other):
    """Bitwise and of integers; logical and of truth values.

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(BITWISE_AND, input, other)


def bitwise_left_shift(input, other):
    """Integers shifted to the left: self * 2^other; 0 if that shifts every bit out.

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(BITWISE_LEFT_SHIFT, input, other)


def bitwise_not(input):
    """Bitwise complement of integers; logical not of truth values.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(BITWISE_NOT, input)


def bitwise_or(input, other):
    """Bitwise or of integers; logical or of truth values.

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(BITWISE_OR, input, other)


def bitwise_right_shift(input, other):
    """Integers shifted to the right, keeping their sign: floor(self / 2^other).

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(BITWISE_RIGHT_SHIFT, input, other)


def bitwise_xor(input, other):
    """Bitwise exclusive or of integers; logical exclusive or of truth values.

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(BITWISE_XOR, input, other)


def blackman_window(window_length, periodic=True, dtype=None, requires_grad=False):
    """Blackman window: 0.42 - 0.5 cos(2 pi i / N) + 0.08 cos(4 pi i / N), with N the window's length, or one less where it is not periodic.

    Args:
        window_length: An integer.
        periodic: A truth value; may be left out.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(BLACKMAN_WINDOW, (), (window_length, periodic, dtype), requires_grad=requires_grad)


def block_diag(tensors):
    """A matrix with the given matrices along its diagonal and zeros elsewhere; vectors and scalars count as one row.

    Args:
        tensors: Tensors.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(BLOCK_DIAG, (tensors,), ())


def bmm(input, mat2):
    """Products of two batches of matrices: y[b] = self[b] mat2[b].

    Args:
        input: A tensor.
        mat2: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(BMM, input, mat2)


def broadcast_tensors(tensors):
    """Views of all tensors, expanded to the shape they broadcast to.

    Args:
        tensors: Tensors.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(BROADCAST_TENSORS, (tensors,), ())


def broadcast_to(input, size):
    """A view in which dims of size 1 are repeated without copying: expand under NumPy's name.

    Args:
        input: A tensor.
        size: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(BROADCAST_TO, (input,), (size,))


def bucketize(input, boundaries, out_int32=False, right=False):
    """In which bucket each element falls: where it would go into the sorted boundaries, before equal ones or, if right, after.

    Args:
        input: A tensor or a number.
        boundaries: A tensor.
        out_int32: A truth value; may be left out.
        right: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(BUCKETIZE, (input, boundaries), (out_int32, right))


def cartesian_prod(tensors):
    """All combinations of one element from each vector, a row each, the last vector changing fastest; a single vector is itself.

    Args:
        tensors: Tensors.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(CARTESIAN_PROD, (tensors,), ())


def cat(tensors, dim=0):
    """Tensors one after the other along a dim; 1-d tensors without elements are skipped.

    Args:
        tensors: Tensors.
        dim: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(CAT, (tensors,), (dim,))


def cauchy(input, median=0.0, sigma=1.0):
    """Random numbers of the Cauchy distribution: median + sigma tan(pi (u - 1/2)), in self's shape and dtype; in place, torch.Tensor.cauchy_.

    Args:
        input: A tensor.
        median: A float; may be left out.
        sigma: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CAUCHY, (input,), (median, sigma))


def cdist(x1, x2, p=2.0, compute_mode="use_mm_for_euclid_dist_if_necessary"):
    """p-norm distances between each row of x1 and each row of x2, their batches broadcast: y[i, j] = |x1[i] - x2[j]|_p. compute_mode is taken and makes no difference: distances are always exact.

    Args:
        x1: A tensor.
        x2: A tensor.
        p: A float; may be left out.
        compute_mode: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CDIST, (x1, x2), (p, compute_mode))


def ceil(input):
    """The smallest integer not below x.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(CEIL, input)


def celu(input, alpha=1.0):
    """Continuously differentiable exponential linear unit: x where positive, else alpha (e^(x / alpha) - 1).

    Args:
        input: A tensor.
        alpha: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CELU, (input,), (alpha,))


def chain_matmul(matrices):
    """The product of one or more matrices, in the order of multiplications that costs least; the older form of linalg_multi_dot.

    Args:
        matrices: Tensors.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(CHAIN_MATMUL, (matrices,), ())


def channel_shuffle(input, groups):
    """The channels (dim 1) of groups dealt out in turn: channel c of group g, of c' channels each, comes to place c groups + g.

    Args:
        input: A tensor.
        groups: An integer.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CHANNEL_SHUFFLE, (input,), (groups,))


def cholesky(input, upper=False):
    """Cholesky factor of symmetric positive-definite matrices, the older form of linalg_cholesky.

    Args:
        input: A tensor.
        upper: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CHOLESKY, (input,), (upper,))


def cholesky_inverse(input, upper=False):
    """The inverse of A = L L^T, given by its Cholesky factor self (U with upper).

    Args:
        input: A tensor.
        upper: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CHOLESKY_INVERSE, (input,), (upper,))


def cholesky_solve(input, input2, upper=False):
    """Solves A X = self where A = L L^T is given by its Cholesky factor input2 (U with upper).

    Args:
        input: A tensor.
        input2: A tensor.
        upper: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CHOLESKY_SOLVE, (input, input2), (upper,))


def chunk(input, chunks, dim=0):
    """Views of a dim in at most so many pieces of one size, but for a shorter last one.

    Args:
        input: A tensor.
        chunks: An integer.
        dim: An integer; may be left out.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(CHUNK, (input,), (chunks, dim))


def clamp(input, min=None, max=None):
    """Limits elements to [min, max]; either bound may be absent, and both are numbers or tensors.

    Args:
        input: A tensor.
        min: A tensor or a number; may be left out.
        max: A tensor or a number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CLAMP, (input, min, max), ())


def clamp_max(input, max):
    """Limits elements from above: min(x, max).

    Args:
        input: A tensor.
        max: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(CLAMP_MAX, input, max)


def clamp_min(input, min):
    """Limits elements from below: max(x, min).

    Args:
        input: A tensor.
        min: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(CLAMP_MIN, input, min)


def clip_grad_with_norm(input, total_norm, max_norm):
    """Scales one gradient of several so that their total norm is at most max_norm: self * min(1, max_norm / (total_norm + 1e-6)). total_norm is a 0-d tensor, as get_total_norm gives it.

    Args:
        input: A tensor.
        total_norm: A tensor.
        max_norm: A float.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CLIP_GRAD_WITH_NORM, (input, total_norm), (max_norm,))


def clone(input, memory_format=None):
    """A copy with memory of its own; gradients flow through. Laid out as self, or row-major with memory_format "contiguous_format".

    Args:
        input: A tensor.
        memory_format: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CLONE, (input,), (memory_format,))


def col2im(input, output_size, kernel_size, dilation=None, padding=None, stride=None):
    """Columns (batch x (channels kernel) x blocks) added to images where im2col would have taken them from: the adjoint of im2col. torch.nn.functional.fold.

    Args:
        input: A tensor.
        output_size: Integers.
        kernel_size: Integers.
        dilation: Integers; may be left out.
        padding: Integers; may be left out.
        stride: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(COL2IM, (input,), (output_size, kernel_size, dilation, padding, stride))


def column_stack(tensors):
    """Tensors side by side, vectors and scalars as columns.

    Args:
        tensors: Tensors.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(COLUMN_STACK, (tensors,), ())


def combinations(input, r=2, with_replacement=False):
    """The combinations of r elements of a vector, a row each, in the order of itertools.

    Args:
        input: A tensor.
        r: An integer; may be left out.
        with_replacement: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(COMBINATIONS, (input,), (r, with_replacement))


def constant_pad_nd(input, pad, value=None):
    """Self with a value around it: pad holds, from the last dim on, how much goes before and after; negative amounts crop.

    Args:
        input: A tensor.
        pad: Integers.
        value: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CONSTANT_PAD_ND, (input,), (pad, value))


def contiguous(input):
    """The tensor itself if its elements lie row-major without gaps, else a copy that does.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(CONTIGUOUS, input)


def conv1d(*args, **kwargs):
    """Convolution of sequences (batch x channels x length): every channel out is the sum, over the channels in of its group, of a kernel moved over the input by stride. The batch may be left out.

    Forms:
        conv1d(input, weight, bias=None, stride=None, padding=None, dilation=None, groups=1)
        conv1d(input, weight, bias=None, stride=None, padding=None, dilation=None, groups=1)
    """
    return _conv1d(args, kwargs)


def conv2d(*args, **kwargs):
    """Convolution of images (batch x channels x height x width): every channel out is the sum, over the channels in of its group, of a kernel moved over the input by stride. The batch may be left out.

    Forms:
        conv2d(input, weight, bias=None, stride=None, padding=None, dilation=None, groups=1)
        conv2d(input, weight, bias=None, stride=None, padding=None, dilation=None, groups=1)
    """
    return _conv2d(args, kwargs)


def conv3d(*args, **kwargs):
    """Convolution of volumes (batch x channels x depth x height x width): every channel out is the sum, over the channels in of its group, of a kernel moved over the input by stride. The batch may be left out.

    Forms:
        conv3d(input, weight, bias=None, stride=None, padding=None, dilation=None, groups=1)
        conv3d(input, weight, bias=None, stride=None, padding=None, dilation=None, groups=1)
    """
    return _conv3d(args, kwargs)


def conv_transpose1d(input, weight, bias=None, stride=None, padding=None, output_padding=None, groups=1, dilation=None):
    """Transposed convolution of sequences (batch x channels x length): the gradient of conv1d with respect to its input, output_padding larger at the end. The weight has the channels in first. The batch may be left out.

    Args:
        input: A tensor.
        weight: A tensor.
        bias: A tensor; may be left out.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        output_padding: Integers; may be left out.
        groups: An integer; may be left out.
        dilation: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CONV_TRANSPOSE1D, (input, weight, bias), (stride, padding, output_padding, groups, dilation))


def conv_transpose2d(input, weight, bias=None, stride=None, padding=None, output_padding=None, groups=1, dilation=None):
    """Transposed convolution of images (batch x channels x height x width): the gradient of conv2d with respect to its input, output_padding larger at the end. The weight has the channels in first. The batch may be left out.

    Args:
        input: A tensor.
        weight: A tensor.
        bias: A tensor; may be left out.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        output_padding: Integers; may be left out.
        groups: An integer; may be left out.
        dilation: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CONV_TRANSPOSE2D, (input, weight, bias), (stride, padding, output_padding, groups, dilation))


def conv_transpose3d(input, weight, bias=None, stride=None, padding=None, output_padding=None, groups=1, dilation=None):
    """Transposed convolution of volumes (batch x channels x depth x height x width): the gradient of conv3d with respect to its input, output_padding larger at the end. The weight has the channels in first. The batch may be left out.

    Args:
        input: A tensor.
        weight: A tensor.
        bias: A tensor; may be left out.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        output_padding: Integers; may be left out.
        groups: An integer; may be left out.
        dilation: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CONV_TRANSPOSE3D, (input, weight, bias), (stride, padding, output_padding, groups, dilation))


def convolution(input, weight, bias=None, stride=None, padding=None, dilation=None, transposed=None, output_padding=None, groups=None):
    """What every convolution records, for one to three spatial dims: y[n, o, q] = bias[o] + sum over i, k of weight[o, i, k] input[n, i, q stride + k dilation - padding], over the channels i of o's group; transposed, the gradient of that with respect to the input, output_padding larger at the end.

    Args:
        input: A tensor.
        weight: A tensor.
        bias: A tensor; may be left out.
        stride: Integers.
        padding: Integers.
        dilation: Integers.
        transposed: A truth value.
        output_padding: Integers.
        groups: An integer.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CONVOLUTION, (input, weight, bias), (stride, padding, dilation, transposed, output_padding, groups))


def copy(input, src):
    """The values of src, broadcast to self's shape and cast to its dtype; in place, torch.Tensor.copy_.

    Args:
        input: A tensor.
        src: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(COPY, input, src)


def copysign(input, other):
    """The magnitude of self with the sign of other.

    Args:
        input: A tensor.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(COPYSIGN, input, other)


def corrcoef(input):
    """Correlation coefficients of variables, the rows of self, over observations, its columns: the covariance divided by both deviations.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(CORRCOEF, input)


def cos(input):
    """Cosine of x radians.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(COS, input)


def cosh(input):
    """Hyperbolic cosine.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(COSH, input)


def cosine_embedding_loss(input1, input2, target, margin=0.0, reduction="mean"):
    """Cosine embedding loss: 1 - cos(input1, input2) where the target is 1, max(0, cos(input1, input2) - margin) where it is -1; the vectors are in the last dim.

    Args:
        input1: A tensor.
        input2: A tensor.
        target: A tensor.
        margin: A float; may be left out.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(COSINE_EMBEDDING_LOSS, (input1, input2, target), (margin, reduction))


def cosine_similarity(x1, x2, dim=1, eps=1e-08):
    """Cosine of the angle between vectors along a dim: x1 x2 / (max(|x1|, eps) max(|x2|, eps)).

    Args:
        x1: A tensor.
        x2: A tensor.
        dim: An integer; may be left out.
        eps: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(COSINE_SIMILARITY, (x1, x2), (dim, eps))


def count_nonzero(input, dim=None):
    """Number of elements other than zero, over dims or in all.

    Args:
        input: A tensor.
        dim: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(COUNT_NONZERO, (input,), (dim,))


def cov(input, correction=1, fweights=None, aweights=None):
    """Covariance of variables, the rows of self, over observations, its columns, which may have counts fweights and weights aweights; divided by their sum less correction.

    Args:
        input: A tensor.
        correction: An integer; may be left out.
        fweights: A tensor; may be left out.
        aweights: A tensor; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(COV, (input, fweights, aweights), (correction,))


def cross(input, other, dim=None):
    """Vector product of three-element vectors along a dim, the first of size 3 unless given.

    Args:
        input: A tensor.
        other: A tensor.
        dim: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(CROSS, input, other) if dim is None else _apply(CROSS, (input, other), (dim,))


def cross_entropy(input, target, weight=None, reduction="mean", ignore_index=-100, label_smoothing=0.0):
    """Cross-entropy of logits, classes in dim 1 (or the only dim): nll_loss(log_softmax(self), target). A target of self's shape holds class probabilities; label_smoothing mixes every target with the uniform distribution.

    Args:
        input: A tensor.
        target: A tensor.
        weight: A tensor; may be left out.
        reduction: A string; may be left out.
        ignore_index: An integer; may be left out.
        label_smoothing: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CROSS_ENTROPY, (input, target, weight), (reduction, ignore_index, label_smoothing))


def ctc_loss(log_probs, targets, input_lengths, target_lengths, blank=0, reduction="mean", zero_infinity=False):
    """Connectionist temporal classification: -log of the sum, over all paths of classes through the frames that become the target when repeats are merged and blanks dropped, of their probability. log_probs is [T, N, C] or [T, C]; targets [N, S], padded, or all one after the other. A mean divides by the length of each target first. With zero_infinity, targets too long for their frames give 0, and no gradient.

    Args:
        log_probs: A tensor.
        targets: A tensor.
        input_lengths: A tensor.
        target_lengths: A tensor.
        blank: An integer; may be left out.
        reduction: A string; may be left out.
        zero_infinity: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CTC_LOSS, (log_probs, targets, input_lengths, target_lengths), (blank, reduction, zero_infinity))


def cummax(input, dim):
    """Largest element so far along a dim, and its index: of equal ones the last. NaN stays.

    Args:
        input: A tensor.
        dim: An integer.

    Returns:
        A named tuple: values, indices.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(CUMMAX, (input,), (dim,))


def cummin(input, dim):
    """Smallest element so far along a dim, and its index: of equal ones the last. NaN stays.

    Args:
        input: A tensor.
        dim: An integer.

    Returns:
        A named tuple: values, indices.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(CUMMIN, (input,), (dim,))


def cumprod(input, dim, dtype=None):
    """Running product along a dim: y[k] = x[0] * ... * x[k]. Integers multiply in int64.

    Args:
        input: A tensor.
        dim: An integer.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CUMPROD, (input,), (dim, dtype))


def cumsum(input, dim, dtype=None):
    """Running sum along a dim: y[k] = x[0] + ... + x[k]. Integers add up in int64.

    Args:
        input: A tensor.
        dim: An integer.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(CUMSUM, (input,), (dim, dtype))


def cumulative_trapezoid(*args, **kwargs):
    """Running integral along a dim by the trapezoidal rule, at equal distances dx.

    Forms:
        cumulative_trapezoid(y, dx=1.0, dim=-1)
        cumulative_trapezoid(y, x, dim=-1)
    """
    return _cumulative_trapezoid(args, kwargs)


def deg2rad(input):
    """Degrees to radians: x pi / 180.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(DEG2RAD, input)


def det(input):
    """Determinants of square matrices; another name of linalg_det.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(DET, input)


def detach(input):
    """The same memory and version counter without history: no gradient flows through. Not a view in autograd's sense.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(DETACH, input)


def diag(input, diagonal=0):
    """Of a vector, the matrix that has it as a diagonal; of a matrix, a copy of its diagonal.

    Args:
        input: A tensor.
        diagonal: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(DIAG, (input,), (diagonal,))


def diag_embed(input, offset=0, dim1=-2, dim2=-1):
    """Zeros with the last dim of self laid along a diagonal of two new dims.

    Args:
        input: A tensor.
        offset: An integer; may be left out.
        dim1: An integer; may be left out.
        dim2: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(DIAG_EMBED, (input,), (offset, dim1, dim2))


def diagflat(input, offset=0):
    """The matrix that has all elements as a diagonal.

    Args:
        input: A tensor.
        offset: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(DIAGFLAT, (input,), (offset,))


def diagonal(input, offset=0, dim1=0, dim2=1):
    """A view of the diagonal of two dims, put last; a positive offset lies above the main diagonal.

    Args:
        input: A tensor.
        offset: An integer; may be left out.
        dim1: An integer; may be left out.
        dim2: An integer; may be left out.

    Returns:
        The result, which may share the input's memory.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(DIAGONAL, (input,), (offset, dim1, dim2))


def diagonal_scatter(input, src, offset=0, dim1=0, dim2=1):
    """A copy of self with a diagonal of two dims replaced by src.

    Args:
        input: A tensor.
        src: A tensor.
        offset: An integer; may be left out.
        dim1: An integer; may be left out.
        dim2: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(DIAGONAL_SCATTER, (input, src), (offset, dim1, dim2))


def diff(input, n=1, dim=-1, prepend=None, append=None):
    """n-th differences of neighbours along a dim, with other tensors before and after it: y[k] = x[k + 1] - x[k], n times.

    Args:
        input: A tensor.
        n: An integer; may be left out.
        dim: An integer; may be left out.
        prepend: A tensor; may be left out.
        append: A tensor; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(DIFF, (input, prepend, append), (n, dim))


def digamma(input):
    """Logarithmic derivative of the gamma function: psi(x).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(DIGAMMA, input)


def dist(input, other, p=None):
    """p-norm of the difference of two tensors that broadcast: |self - other|_p.

    Args:
        input: A tensor.
        other: A tensor.
        p: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(DIST, input, other) if p is None else _apply(DIST, (input, other), (p,))


def div(input, other, rounding_mode=None):
    """Quotient: self / other, as it is or rounded to an integer ("floor" or "trunc").

    Args:
        input: A tensor or a number.
        other: A tensor or a number.
        rounding_mode: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(DIV, input, other) if rounding_mode is None else _apply(DIV, (input, other), (rounding_mode,))


def dot(input, tensor):
    """Inner product of two vectors: sum of self * tensor.

    Args:
        input: A tensor.
        tensor: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(DOT, input, tensor)


def dropout(input, p=0.5, training=True):
    """In training, zeroes each element with probability p and divides the others by 1 - p; otherwise the tensor itself.

    Args:
        input: A tensor.
        p: A float; may be left out.
        training: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(DROPOUT, (input,), (p, training))


def dropout1d(input, p=0.5, training=True):
    """Dropout of whole channels of 1 dims each; a tensor without a batch counts as a batch of one.

    Args:
        input: A tensor.
        p: A float; may be left out.
        training: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(DROPOUT1D, (input,), (p, training))


def dropout2d(input, p=0.5, training=True):
    """Dropout of whole channels of 2 dims each; a tensor without a batch counts as a batch of one.

    Args:
        input: A tensor.
        p: A float; may be left out.
        training: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(DROPOUT2D, (input,), (p, training))


def dropout3d(input, p=0.5, training=True):
    """Dropout of whole channels of 3 dims each; a tensor without a batch counts as a batch of one.

    Args:
        input: A tensor.
        p: A float; may be left out.
        training: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(DROPOUT3D, (input,), (p, training))


def dsplit(*args, **kwargs):
    """Slices along dim 2: so many equal pieces.

    Forms:
        dsplit(input, sections)
        dsplit(input, indices)
    """
    return _dsplit(args, kwargs)


def dstack(tensors):
    """Tensors one behind the other: along dim 2.

    Args:
        tensors: Tensors.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(DSTACK, (tensors,), ())


def einsum(equation, operands):
    """Sum of products over labelled dims: "ij,jk->ik" multiplies matrices. Labels that the output lacks are summed; a label repeated in an operand takes its diagonal; "..." broadcasts. Operands are contracted from the left.

    Args:
        equation: A string.
        operands: Tensors.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(EINSUM, (operands,), (equation,))


def elu(input, alpha=1.0, scale=1.0, input_scale=1.0):
    """Exponential linear unit: scale * x where positive, else scale * alpha * (e^(input_scale x) - 1).

    Args:
        input: A tensor.
        alpha: A float; may be left out.
        scale: A float; may be left out.
        input_scale: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ELU, (input,), (alpha, scale, input_scale))


def embedding(weight, indices, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False):
    """Rows of a weight matrix by index; the row padding_idx gets no gradient, and with scale_grad_by_freq a row's gradient is divided by how often it was taken. With max_norm, rows whose norm_type-norm exceeds it are first scaled down to it in the weight itself, which autograd does not see.

    Args:
        weight: A tensor.
        indices: A tensor.
        padding_idx: An integer; may be left out.
        max_norm: A float; may be left out.
        norm_type: A float; may be left out.
        scale_grad_by_freq: A truth value; may be left out.
        sparse: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(EMBEDDING, (weight, indices), (padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse))


def embedding_bag(weight, indices, offsets=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode="mean", sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None):
    """Sums, means or maxima of bags of rows of a weight matrix. Indices of two dims hold a bag a row; in one dim, offsets tell where each bag begins. Rows of padding_idx do not count; per_sample_weights multiply the rows of a sum.

    Args:
        weight: A tensor.
        indices: A tensor.
        offsets: A tensor; may be left out.
        max_norm: A float; may be left out.
        norm_type: A float; may be left out.
        scale_grad_by_freq: A truth value; may be left out.
        mode: A string; may be left out.
        sparse: A truth value; may be left out.
        per_sample_weights: A tensor; may be left out.
        include_last_offset: A truth value; may be left out.
        padding_idx: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(EMBEDDING_BAG, (weight, indices, offsets, per_sample_weights), (max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_idx))


def empty(size, dtype=None, requires_grad=False):
    """A tensor of zeros: memory without a value would show what others left there, float32 unless a dtype is given.

    Args:
        size: Integers.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(EMPTY, (), (size, dtype), requires_grad=requires_grad)


def empty_like(input, dtype=None):
    """Zeros (memory without a value would show what others left there) of self's shape, and of its dtype unless another is given.

    Args:
        input: A tensor.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(EMPTY_LIKE, (input,), (dtype,))


def empty_strided(size, stride, dtype=None, requires_grad=False):
    """A tensor of zeros with strides as given, which may leave gaps or show an element more than once.

    Args:
        size: Integers.
        stride: Integers.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(EMPTY_STRIDED, (), (size, stride, dtype), requires_grad=requires_grad)


def eq(input, other):
    """Whether the elements are equal: self == other; NaN equals nothing.

    Args:
        input: A tensor.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(EQ, input, other)


def equal(input, other):
    """Whether two tensors have the same shape and elements, as a 0-d truth value; NaN equals nothing.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(EQUAL, input, other)


def erf(input):
    """Error function: 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ERF, input)


def erfc(input):
    """Complementary error function: 1 - erf(x), accurate where it is tiny.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ERFC, input)


def erfinv(input):
    """Inverse error function: the y with erf(y) = x; infinite at -1 and 1.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ERFINV, input)


def exp(input):
    """Exponential: e^x.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(EXP, input)


def exp2(input):
    """Exponential to base 2: 2^x.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(EXP2, input)


def expand(input, size):
    """A view in which dims of size 1 are repeated without copying; -1 keeps a size.

    Args:
        input: A tensor.
        size: Integers.

    Returns:
        The result, which may share the input's memory.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(EXPAND, (input,), (size,))


def expand_as(input, other):
    """A view in which dims of size 1 are repeated to the shape of another tensor.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(EXPAND_AS, input, other)


def expm1(input):
    """Exponential less one: e^x - 1, accurate near 0.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(EXPM1, input)


def exponential(input, lambd=1.0):
    """Random numbers of the exponential distribution: -log(1 - u) / lambd, in self's shape and dtype; in place, torch.Tensor.exponential_.

    Args:
        input: A tensor.
        lambd: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(EXPONENTIAL, (input,), (lambd,))


def eye(n, m=None, dtype=None, requires_grad=False):
    """A matrix of n rows and m columns (n, unless given) with ones on the main diagonal.

    Args:
        n: An integer.
        m: An integer; may be left out.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(EYE, (), (n, m, dtype), requires_grad=requires_grad)


def feature_alpha_dropout(input, p=0.5, training=False):
    """Alpha dropout of whole channels: what the first two dims name is kept or dropped together.

    Args:
        input: A tensor.
        p: A float; may be left out.
        training: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(FEATURE_ALPHA_DROPOUT, (input,), (p, training))


def feature_dropout(input, p, training):
    """Dropout of whole channels: what the first two dims name is zeroed or divided by 1 - p together.

    Args:
        input: A tensor.
        p: A float.
        training: A truth value.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(FEATURE_DROPOUT, (input,), (p, training))


def fill(input, value):
    """One value, a number or a 0-d tensor, in self's shape and dtype.

    Args:
        input: A tensor.
        value: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(FILL, input, value)


def flatten(input, start_dim=0, end_dim=-1):
    """Makes one dim of a run of dims: a view where strides allow it, else a copy; a single dim stays as it is.

    Args:
        input: A tensor.
        start_dim: An integer; may be left out.
        end_dim: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(FLATTEN, (input,), (start_dim, end_dim))


def flip(input, dims):
    """A copy with the order of some dims reversed.

    Args:
        input: A tensor.
        dims: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(FLIP, (input,), (dims,))


def fliplr(input):
    """A copy turned left to right, along dim 1.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(FLIPLR, input)


def flipud(input):
    """A copy turned upside down, along dim 0.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(FLIPUD, input)


def float_power(input, exponent):
    """Power computed in float64: self ^ exponent.

    Args:
        input: A tensor or a number.
        exponent: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(FLOAT_POWER, input, exponent)


def floor(input):
    """The largest integer not above x.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(FLOOR, input)


def floor_divide(input, other):
    """Quotient rounded down: floor(self / other). Has no derivative; div with rounding_mode "floor" has zeros.

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(FLOOR_DIVIDE, input, other)


def fmax(input, other):
    """The larger element of two; if one is NaN, the other.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(FMAX, input, other)


def fmin(input, other):
    """The smaller element of two; if one is NaN, the other.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(FMIN, input, other)


def fmod(input, other):
    """Remainder with the sign of self, as C has it: self - other trunc(self / other).

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(FMOD, input, other)


def frac(input):
    """The fractional part of x, with its sign: x - trunc(x).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(FRAC, input)


def frexp(input):
    """Mantissa in (-1, -1/2], [1/2, 1) or 0, and exponent (int32), with self = mantissa * 2^exponent.

    Args:
        input: A tensor.

    Returns:
        A named tuple: mantissa, exponent.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(FREXP, (input,), ())


def full(size, fill_value, dtype=None, requires_grad=False):
    """A tensor of one value; without a dtype, of the number's kind: bool, int64 or float32.

    Args:
        size: Integers.
        fill_value: A number.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(FULL, (), (size, fill_value, dtype), requires_grad=requires_grad)


def full_like(input, fill_value, dtype=None):
    """One value in self's shape, and in its dtype unless another is given.

    Args:
        input: A tensor.
        fill_value: A number.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(FULL_LIKE, (input,), (fill_value, dtype))


def gather(input, dim, index):
    """Elements of self where an index leads along a dim: y[i] = self[i with i[dim] = index[i]].

    Args:
        input: A tensor.
        dim: An integer.
        index: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(GATHER, (input, index), (dim,))


def gaussian_nll_loss(input, target, var, full=False, eps=1e-06, reduction="mean"):
    """Negative log-likelihood of a normal distribution: (log var + (input - target)^2 / var) / 2, var held to at least eps without that showing in its gradient; full adds log(2 pi) / 2.

    Args:
        input: A tensor.
        target: A tensor.
        var: A tensor or a number.
        full: A truth value; may be left out.
        eps: A float; may be left out.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(GAUSSIAN_NLL_LOSS, (input, target, var), (full, eps, reduction))


def gcd(input, other):
    """Greatest common divisor of integers, never negative.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(GCD, input, other)


def ge(input, other):
    """Whether self is at least other, elementwise; false for NaN.

    Args:
        input: A tensor.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(GE, input, other)


def gelu(input, approximate="none"):
    """Gaussian error linear unit: x Phi(x) with Phi the normal distribution, exact or, with approximate "tanh", by a tanh.

    Args:
        input: A tensor.
        approximate: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(GELU, (input,), (approximate,))


def geometric(input, p):
    """How many trials of probability p it takes to the first success, in self's shape and dtype; in place, torch.Tensor.geometric_.

    Args:
        input: A tensor.
        p: A float.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(GEOMETRIC, (input,), (p,))


def get_total_norm(tensors, norm_type=2.0, error_if_nonfinite=False):
    """The p-norm of several tensors as if they were one vector, for clipping gradients: the norm of the tensors' norms. Floating tensors of any shapes; a 0-d tensor, 0 for none.

    Args:
        tensors: Tensors.
        norm_type: A float; may be left out.
        error_if_nonfinite: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(GET_TOTAL_NORM, (tensors,), (norm_type, error_if_nonfinite))


def glu(input, dim=-1):
    """Gated linear unit: a sigmoid(b), a and b the two halves of self along a dim.

    Args:
        input: A tensor.
        dim: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(GLU, (input,), (dim,))


def grid_sample(input, grid, mode="bilinear", padding_mode="zeros", align_corners=None):
    """The input (batch x channels x 2 or 3 spatial dims) read at the places that grid (batch x output sizes x coordinates, x first) names in [-1, 1]; mode bilinear, nearest or bicubic, padding_mode zeros, border or reflection beyond the edges, -1 and 1 at the corners' centers with align_corners, else at the corners.

    Args:
        input: A tensor.
        grid: A tensor.
        mode: A string; may be left out.
        padding_mode: A string; may be left out.
        align_corners: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(GRID_SAMPLE, (input, grid), (mode, padding_mode, align_corners))


def group_norm(input, num_groups, weight=None, bias=None, eps=1e-05):
    """Group normalisation: the channels (dim 1) fall into groups, each standardised over all its elements of a sample: (x - mean) / sqrt(variance + eps) * weight + bias.

    Args:
        input: A tensor.
        num_groups: An integer.
        weight: A tensor; may be left out.
        bias: A tensor; may be left out.
        eps: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(GROUP_NORM, (input, weight, bias), (num_groups, eps))


def gru_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None):
    """One step of a gated recurrent unit: r = sigmoid(W_ir x + b_ir + W_hr h + b_hr), z alike, n = tanh(W_in x + b_in + r (W_hn h + b_hn)), and h' = (1 - z) n + z h. The weights hold r, z and n one above the other.

    Args:
        input: A tensor.
        hx: A tensor.
        w_ih: A tensor.
        w_hh: A tensor.
        b_ih: A tensor; may be left out.
        b_hh: A tensor; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(GRU_CELL, (input, hx, w_ih, w_hh, b_ih, b_hh), ())


def gt(input, other):
    """Whether self is greater than other, elementwise; false for NaN.

    Args:
        input: A tensor.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(GT, input, other)


def gumbel_softmax(logits, tau=1.0, hard=False, eps=1e-10, dim=-1):
    """Softmax of (logits + g) / tau along a dim, g random Gumbel numbers; with hard, the one-hot vector of its largest element, and the gradient of the soft one.

    Args:
        logits: A tensor.
        tau: A float; may be left out.
        hard: A truth value; may be left out.
        eps: A float; may be left out.
        dim: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(GUMBEL_SOFTMAX, (logits,), (tau, hard, eps, dim))


def hamming_window(window_length, periodic=True, alpha=0.54, beta=0.46, dtype=None, requires_grad=False):
    """Hamming window: alpha - beta cos(2 pi i / N), with N the window's length, or one less where it is not periodic.

    Args:
        window_length: An integer.
        periodic: A truth value; may be left out.
        alpha: A float; may be left out.
        beta: A float; may be left out.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(HAMMING_WINDOW, (), (window_length, periodic, alpha, beta, dtype), requires_grad=requires_grad)


def hann_window(window_length, periodic=True, dtype=None, requires_grad=False):
    """Hann window: (1 - cos(2 pi i / N)) / 2, with N the window's length, or one less where it is not periodic.

    Args:
        window_length: An integer.
        periodic: A truth value; may be left out.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(HANN_WINDOW, (), (window_length, periodic, dtype), requires_grad=requires_grad)


def hardshrink(input, lambd=0.5):
    """Zero inside [-lambd, lambd], self outside.

    Args:
        input: A tensor.
        lambd: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(HARDSHRINK, (input,), (lambd,))


def hardsigmoid(input):
    """Sigmoid made of straight lines: min(max(x + 3, 0), 6) / 6.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(HARDSIGMOID, input)


def hardswish(input):
    """Swish made of straight lines and a parabola: x min(max(x + 3, 0), 6) / 6.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(HARDSWISH, input)


def hardtanh(input, min_val=None, max_val=None):
    """Limits elements to [min_val, max_val]; unlike clamp, no gradient passes at the bounds.

    Args:
        input: A tensor.
        min_val: A number; may be left out.
        max_val: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(HARDTANH, (input,), (min_val, max_val))


def heaviside(input, values):
    """Step function: 0 below 0, 1 above, and values where self is 0. Has no derivative.

    Args:
        input: A tensor.
        values: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(HEAVISIDE, input, values)


def hinge_embedding_loss(input, target, margin=1.0, reduction="mean"):
    """Hinge embedding loss: self where the target is 1, max(0, margin - self) where it is -1, their sum where it is neither.

    Args:
        input: A tensor.
        target: A tensor.
        margin: A float; may be left out.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(HINGE_EMBEDDING_LOSS, (input, target), (margin, reduction))


def histc(input, bins=100, min=None, max=None):
    """How many elements fall into each of equally wide bins between min and max (both 0: the smallest and the largest element); others are not counted.

    Args:
        input: A tensor.
        bins: An integer; may be left out.
        min: A number; may be left out.
        max: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(HISTC, (input,), (bins, min, max))


def hsplit(*args, **kwargs):
    """Slices along dim 1 (of a vector, dim 0): so many equal pieces.

    Forms:
        hsplit(input, sections)
        hsplit(input, indices)
    """
    return _hsplit(args, kwargs)


def hstack(tensors):
    """Tensors side by side: along dim 1, vectors along dim 0.

    Args:
        tensors: Tensors.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(HSTACK, (tensors,), ())


def huber_loss(input, target, reduction="mean", delta=1.0):
    """Huber loss: (self - target)^2 / 2 where |self - target| is below delta, delta (|self - target| - delta / 2) beyond.

    Args:
        input: A tensor.
        target: A tensor.
        reduction: A string; may be left out.
        delta: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(HUBER_LOSS, (input, target), (reduction, delta))


def hypot(input, other):
    """Length of the hypotenuse: sqrt(self^2 + other^2), without overflow.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(HYPOT, input, other)


def i0(input):
    """Modified Bessel function of the first kind of order 0.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(I0, input)


def igamma(input, other):
    """Regularised lower incomplete gamma function of other, with the parameter self. Has no derivative in self.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(IGAMMA, input, other)


def igammac(input, other):
    """Regularised upper incomplete gamma function of other, with the parameter self. Has no derivative in self.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(IGAMMAC, input, other)


def im2col(input, kernel_size, dilation=None, padding=None, stride=None):
    """The blocks that a kernel meets when it slides over images, each as a column: batch x (channels kernel) x blocks. torch.nn.functional.unfold.

    Args:
        input: A tensor.
        kernel_size: Integers.
        dilation: Integers; may be left out.
        padding: Integers; may be left out.
        stride: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(IM2COL, (input,), (kernel_size, dilation, padding, stride))


def index(input, indices=None):
    """Elements where index tensors lead, one for each leading dim, absent for all of a dim; integers or masks, as in self[indices].

    Args:
        input: A tensor.
        indices: Tensors; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(INDEX, (input, indices), ())


def index_add(input, dim, index, source, alpha=None):
    """Self with alpha times the slices of source added to the indices of a dim that a vector names.

    Args:
        input: A tensor.
        dim: An integer.
        index: A tensor.
        source: A tensor.
        alpha: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(INDEX_ADD, (input, index, source), (dim, alpha))


def index_copy(input, dim, index, source):
    """Self with the slices of source written over the indices of a dim that a vector names.

    Args:
        input: A tensor.
        dim: An integer.
        index: A tensor.
        source: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(INDEX_COPY, (input, index, source), (dim,))


def index_fill(input, dim, index, value):
    """Self with one value, a number or a 0-d tensor, over the indices of a dim that a vector names.

    Args:
        input: A tensor.
        dim: An integer.
        index: A tensor.
        value: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(INDEX_FILL, (input, index, value), (dim,))


def index_put(input, indices=None, values=None, accumulate=False):
    """Self with values, which broadcast, written to or added to the elements where index tensors lead, as in self[indices] = values.

    Args:
        input: A tensor.
        indices: Tensors; may be left out.
        values: A tensor.
        accumulate: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(INDEX_PUT, (input, indices, values), (accumulate,))


def index_reduce(input, dim, index, source, reduce, include_self=True):
    """Self with slices of source combined into the indices of a dim that a vector names, by prod, mean, amax or amin; what self held counts too unless include_self is false.

    Args:
        input: A tensor.
        dim: An integer.
        index: A tensor.
        source: A tensor.
        reduce: A string.
        include_self: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(INDEX_REDUCE, (input, index, source), (dim, reduce, include_self))


def index_select(input, dim, index):
    """The indices of a dim that a vector of int64 or int32 names, in its order.

    Args:
        input: A tensor.
        dim: An integer.
        index: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(INDEX_SELECT, (input, index), (dim,))


def inner(input, other):
    """Inner products over the last dim of both: y[..i, ..j] = sum over p of self[..i, p] * other[..j, p]; a plain product if one is 0-d.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(INNER, input, other)


def instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-05):
    """Instance normalisation: every channel of every sample standardised by its own mean and variance (or, without use_input_stats, by the running ones): (x - mean) / sqrt(variance + eps) * weight + bias. The running statistics move by momentum towards the mean over the batch.

    Args:
        input: A tensor.
        running_mean: A tensor; may be left out.
        running_var: A tensor; may be left out.
        weight: A tensor; may be left out.
        bias: A tensor; may be left out.
        use_input_stats: A truth value; may be left out.
        momentum: A float; may be left out.
        eps: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(INSTANCE_NORM, (input, running_mean, running_var, weight, bias), (use_input_stats, momentum, eps))


def interpolate(input, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None, antialias=False):
    """One to three spatial dims resampled to a size, or by scale_factor, by mode: nearest, nearest-exact, area (means), linear, bilinear, trilinear, bicubic. align_corners puts the corners' centers on each other; antialias widens bilinear and bicubic kernels when it shrinks.

    Args:
        input: A tensor.
        size: Integers; may be left out.
        scale_factor: A float; may be left out.
        mode: A string; may be left out.
        align_corners: A truth value; may be left out.
        recompute_scale_factor: A truth value; may be left out.
        antialias: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(INTERPOLATE, (input,), (size, scale_factor, mode, align_corners, recompute_scale_factor, antialias))


def inverse(input):
    """Inverses of square, non-singular matrices; another name of linalg_inv.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(INVERSE, input)


def isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether elements are close: |self - other| <= atol + rtol |other|, or equal; NaN is close to NaN only with equal_nan.

    Args:
        input: A tensor.
        other: A tensor.
        rtol: A float; may be left out.
        atol: A float; may be left out.
        equal_nan: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ISCLOSE, (input, other), (rtol, atol, equal_nan))


def isfinite(input):
    """Whether an element is neither infinite nor NaN.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ISFINITE, input)


def isin(input, test_elements, assume_unique=False, invert=False):
    """Whether each element is among the test elements (is not, if invert).

    Args:
        input: A tensor or a number.
        test_elements: A tensor or a number.
        assume_unique: A truth value; may be left out.
        invert: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ISIN, (input, test_elements), (assume_unique, invert))


def isinf(input):
    """Whether an element is plus or minus infinity.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ISINF, input)


def isnan(input):
    """Whether an element is not a number.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ISNAN, input)


def isneginf(input):
    """Whether an element is minus infinity.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ISNEGINF, input)


def isposinf(input):
    """Whether an element is plus infinity.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ISPOSINF, input)


def kl_div(input, target, reduction="mean", log_target=False):
    """Kullback-Leibler divergence of log-probabilities from a target: target (log target - input), or e^target (target - input) for a logarithmic target.

    Args:
        input: A tensor.
        target: A tensor.
        reduction: A string; may be left out.
        log_target: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(KL_DIV, (input, target), (reduction, log_target))


def kron(input, other):
    """Kronecker product: blocks of other, each times an element of self. Missing dims are of size 1.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(KRON, input, other)


def kthvalue(input, k, dim=-1, keepdim=False):
    """The k-th smallest element along a dim, and its index. NaN is the largest.

    Args:
        input: A tensor.
        k: An integer.
        dim: An integer; may be left out.
        keepdim: A truth value; may be left out.

    Returns:
        A named tuple: values, indices.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(KTHVALUE, (input,), (k, dim, keepdim))


def l1_loss(input, target, reduction="mean"):
    """Absolute error: |self - target|.

    Args:
        input: A tensor.
        target: A tensor.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(L1_LOSS, (input, target), (reduction,))


def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05):
    """Layer normalisation over the last dims: (x - mean) / sqrt(variance + eps) * weight + bias.

    Args:
        input: A tensor.
        normalized_shape: Integers.
        weight: A tensor; may be left out.
        bias: A tensor; may be left out.
        eps: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LAYER_NORM, (input, weight, bias), (normalized_shape, eps))


def lcm(input, other):
    """Least common multiple of integers, never negative; 0 if one of them is.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(LCM, input, other)


def ldexp(input, other):
    """Self times a power of two: self * 2^other.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(LDEXP, input, other)


def le(input, other):
    """Whether self is at most other, elementwise; false for NaN.

    Args:
        input: A tensor.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(LE, input, other)


def leaky_relu(input, negative_slope=0.01):
    """Leaky rectified linear unit: x where positive, else negative_slope * x.

    Args:
        input: A tensor.
        negative_slope: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LEAKY_RELU, (input,), (negative_slope,))


def lerp(input, end, weight):
    """Linear interpolation: self + weight * (end - self).

    Args:
        input: A tensor.
        end: A tensor.
        weight: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LERP, (input, end, weight), ())


def lgamma(input):
    """Logarithm of the absolute value of the gamma function.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(LGAMMA, input)


def linalg_cholesky(input, upper=False):
    """Cholesky factor of symmetric positive-definite matrices: L with self = L L^T, or with upper U with self = U^T U. One triangle is read.

    Args:
        input: A tensor.
        upper: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_CHOLESKY, (input,), (upper,))


def linalg_cholesky_ex(input, upper=False, check_errors=False):
    """Cholesky factor L of symmetric positive-definite matrices, self = L L^T (or U^T U), and info: 0, or the order of the first leading minor that is not positive. One triangle is read.

    Args:
        input: A tensor.
        upper: A truth value; may be left out.
        check_errors: A truth value; may be left out.

    Returns:
        A named tuple: L, info.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LINALG_CHOLESKY_EX, (input,), (upper, check_errors))


def linalg_cond(*args, **kwargs):
    """Condition number of matrices: the norm of order p (2 unless given; see linalg_matrix_norm) times that of the inverse; the ratio of singular values for 2 and -2.

    Forms:
        linalg_cond(input, p=None)
        linalg_cond(input, p)
    """
    return _linalg_cond(args, kwargs)


def linalg_cross(input, other, dim=-1):
    """Vector product of three-element vectors along a dim, the other dims broadcast: y0 = self1 other2 - self2 other1 and so on in turn.

    Args:
        input: A tensor.
        other: A tensor.
        dim: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_CROSS, (input, other), (dim,))


def linalg_det(input):
    """Determinants of square matrices.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(LINALG_DET, input)


def linalg_diagonal(A, offset=0, dim1=-2, dim2=-1):
    """A view of the diagonals of matrices: diagonal of the last two dims.

    Args:
        A: A tensor.
        offset: An integer; may be left out.
        dim1: An integer; may be left out.
        dim2: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_DIAGONAL, (A,), (offset, dim1, dim2))


def linalg_eigh(input, uplo="L"):
    """Eigenvalues, ascending, and eigenvectors, the columns, of symmetric matrices: self = V diag(L) V^T. Only the triangle that uplo names is read. The gradient is meaningful for functions that do not depend on the vectors' signs, and for distinct eigenvalues.

    Args:
        input: A tensor.
        uplo: A string; may be left out.

    Returns:
        A named tuple: eigenvalues, eigenvectors.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LINALG_EIGH, (input,), (uplo,))


def linalg_eigvalsh(input, uplo="L"):
    """Eigenvalues, ascending, of symmetric matrices, of which only the triangle is read that uplo names.

    Args:
        input: A tensor.
        uplo: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_EIGVALSH, (input,), (uplo,))


def linalg_householder_product(input, tau):
    """The first columns of the product of reflectors 1 - tau v v^T, where v stands in a column of self below a 1 on the diagonal, zeros above.

    Args:
        input: A tensor.
        tau: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(LINALG_HOUSEHOLDER_PRODUCT, input, tau)


def linalg_inv(input):
    """Inverses of square, non-singular matrices.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(LINALG_INV, input)


def linalg_inv_ex(input, check_errors=False):
    """Inverses of square matrices, and info: 0, or where the diagonal of the U factor has a zero.

    Args:
        input: A tensor.
        check_errors: A truth value; may be left out.

    Returns:
        A named tuple: inverse, info.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LINALG_INV_EX, (input,), (check_errors,))


def linalg_lstsq(input, B, rcond=None, driver=None):
    """X that makes |self X - B| smallest, of several the shortest; B may be one vector for each matrix. Beside it, as far as the driver tells them (gelsy, the default, gels, gelsd, gelss): the sums of squared residuals, the rank, and the singular values; empty where it does not. Values up to rcond * largest count as zero. Only X has a gradient.

    Args:
        input: A tensor.
        B: A tensor.
        rcond: A float; may be left out.
        driver: A string; may be left out.

    Returns:
        A named tuple: solution, residuals, rank, singular_values.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LINALG_LSTSQ, (input, B), (rcond, driver))


def linalg_lu(input, pivot=True):
    """LU factorization with partial pivoting: self = P L U. Without pivoting P is empty.

    Args:
        input: A tensor.
        pivot: A truth value; may be left out.

    Returns:
        A named tuple: P, L, U.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LINALG_LU, (input,), (pivot,))


def linalg_lu_factor(input, pivot=True):
    """LU factorization with partial pivoting in one matrix, and the row exchanges; refuses singular matrices.

    Args:
        input: A tensor.
        pivot: A truth value; may be left out.

    Returns:
        A named tuple: LU, pivots.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LINALG_LU_FACTOR, (input,), (pivot,))


def linalg_lu_factor_ex(input, pivot=True, check_errors=False):
    """LU factorization self = P L U in one matrix (the unit diagonal of L is not stored), with the row exchanges as int32 counted from 1, and info: 0, or the place of the first zero on U's diagonal.

    Args:
        input: A tensor.
        pivot: A truth value; may be left out.
        check_errors: A truth value; may be left out.

    Returns:
        A named tuple: LU, pivots, info.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LINALG_LU_FACTOR_EX, (input,), (pivot, check_errors))


def linalg_lu_solve(LU, pivots, B, left=True, adjoint=False):
    """Solves A X = B (X A = B if not left, with A^T if adjoint) where A is given by its LU factorization LU and pivots. Batches broadcast.

    Args:
        LU: A tensor.
        pivots: A tensor.
        B: A tensor.
        left: A truth value; may be left out.
        adjoint: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_LU_SOLVE, (LU, pivots, B), (left, adjoint))


def linalg_matrix_norm(*args, **kwargs):
    """Norm of matrices in two dims, of order 1, -1, 2, -2, inf or -inf: the largest (smallest, if negative) sum of a column's sizes, singular value, sum of a row's sizes.

    Forms:
        linalg_matrix_norm(input, ord, dim=None, keepdim=False, dtype=None)
        linalg_matrix_norm(input, ord="fro", dim=None, keepdim=False, dtype=None)
    """
    return _linalg_matrix_norm(args, kwargs)


def linalg_matrix_power(input, n):
    """The n-th power of square matrices, by squaring; a negative n inverts first, 0 gives unit matrices.

    Args:
        input: A tensor.
        n: An integer.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_MATRIX_POWER, (input,), (n,))


def linalg_matrix_rank(input, atol=None, rtol=None, hermitian=False):
    """Rank of matrices: how many singular values (sizes of eigenvalues if hermitian) are above max(atol, rtol * largest), as int64.

    Args:
        input: A tensor.
        atol: A tensor or a number; may be left out.
        rtol: A tensor or a number; may be left out.
        hermitian: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_MATRIX_RANK, (input, atol, rtol), (hermitian,))


def linalg_multi_dot(tensors):
    """The product of several matrices, in the order of multiplications that costs least; the first may be a row vector, the last a column vector.

    Args:
        tensors: Tensors.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LINALG_MULTI_DOT, (tensors,), ())


def linalg_norm(*args, **kwargs):
    """Norm of all elements, of vectors along one dim, or, if an order is given, of matrices in two dims (see linalg_matrix_norm): (sum of |x|^ord)^(1/ord) for vectors.

    Forms:
        linalg_norm(input, ord=None, dim=None, keepdim=False, dtype=None)
        linalg_norm(input, ord, dim=None, keepdim=False, dtype=None)
    """
    return _linalg_norm(args, kwargs)


def linalg_pinv(input, atol=None, rtol=None, hermitian=False):
    """Moore-Penrose inverses, through the singular values (eigenvalues if hermitian); those not above max(atol, rtol * largest) count as zero.

    Args:
        input: A tensor.
        atol: A tensor or a number; may be left out.
        rtol: A tensor or a number; may be left out.
        hermitian: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_PINV, (input, atol, rtol), (hermitian,))


def linalg_qr(input, mode="reduced"):
    """QR decomposition self = Q R with orthonormal columns in Q and upper triangular R. Mode "reduced" keeps min(m, n) columns, "complete" all m, "r" gives only R.

    Args:
        input: A tensor.
        mode: A string; may be left out.

    Returns:
        A named tuple: Q, R.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LINALG_QR, (input,), (mode,))


def linalg_slogdet(input):
    """Sign and logarithm of the size of determinants: det self = sign e^logabsdet; a singular matrix has 0 and -inf.

    Args:
        input: A tensor.

    Returns:
        A named tuple: sign, logabsdet.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LINALG_SLOGDET, (input,), ())


def linalg_solve(input, B, left=True):
    """Solves A X = B (X A = B if not left) for square, non-singular A = self; B may be one vector for each matrix. Batches broadcast.

    Args:
        input: A tensor.
        B: A tensor.
        left: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_SOLVE, (input, B), (left,))


def linalg_solve_triangular(input, B, upper, left=True, unitriangular=False):
    """Solves A X = B (or X A = B if not left) with triangular matrices A = self; the other triangle is not read, nor the diagonal if unitriangular. Batches broadcast.

    Args:
        input: A tensor.
        B: A tensor.
        upper: A truth value.
        left: A truth value; may be left out.
        unitriangular: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_SOLVE_TRIANGULAR, (input, B), (upper, left, unitriangular))


def linalg_svd(input, full_matrices=True, driver=None):
    """Singular value decomposition self = U diag(S) Vh, values descending; with full_matrices U and Vh are square, else only as long as S. The gradient is meaningful for functions that do not depend on the vectors' signs, for distinct values, and for the first vectors only.

    Args:
        input: A tensor.
        full_matrices: A truth value; may be left out.
        driver: A string; may be left out.

    Returns:
        A named tuple: U, S, Vh.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LINALG_SVD, (input,), (full_matrices, driver))


def linalg_svdvals(input, driver=None):
    """Singular values of matrices, descending.

    Args:
        input: A tensor.
        driver: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_SVDVALS, (input,), (driver,))


def linalg_tensorinv(input, ind=2):
    """The inverse of a tensor as a map from its last dims to its first ind ones, under tensordot.

    Args:
        input: A tensor.
        ind: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_TENSORINV, (input,), (ind,))


def linalg_tensorsolve(input, other, dims=None):
    """Solves tensordot(self, X) = other: self maps X, which has its last dims, to other. Dims may be named that are moved last first.

    Args:
        input: A tensor.
        other: A tensor.
        dims: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(LINALG_TENSORSOLVE, input, other) if dims is None else _apply(LINALG_TENSORSOLVE, (input, other), (dims,))


def linalg_vander(x, n=None):
    """Vandermonde matrices: the powers 0 to n - 1 of each element in a row; n is the number of elements unless given.

    Args:
        x: A tensor.
        n: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_VANDER, (x,), (n,))


def linalg_vecdot(x, y, dim=-1):
    """Inner products along a dim, the other dims broadcast: sum of x * y.

    Args:
        x: A tensor.
        y: A tensor.
        dim: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_VECDOT, (x, y), (dim,))


def linalg_vector_norm(input, ord=None, dim=None, keepdim=False, dtype=None):
    """p-norm over dims, or of all elements: (sum of |x|^p)^(1/p); p = inf the largest |x|, -inf the smallest, 0 the number of non-zeros.

    Args:
        input: A tensor.
        ord: A number; may be left out.
        dim: Integers; may be left out.
        keepdim: A truth value; may be left out.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINALG_VECTOR_NORM, (input,), (ord, dim, keepdim, dtype))


def linear(input, weight, bias=None):
    """A linear layer: input weight^T + bias, over the last dim of the input.

    Args:
        input: A tensor.
        weight: A tensor.
        bias: A tensor; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LINEAR, (input, weight, bias), ())


def linspace(*args, **kwargs):
    """So many numbers from start to end, both included, evenly apart; float32 unless a dtype is given.

    Forms:
        linspace(start, end, steps, dtype=None)
        linspace(start, end, steps, dtype=None)
    """
    return _linspace(args, kwargs)


def local_response_norm(input, size, alpha=0.0001, beta=0.75, k=1.0):
    """Every element over (k + alpha times the mean of the squares of size neighbouring channels)^beta.

    Args:
        input: A tensor.
        size: An integer.
        alpha: A float; may be left out.
        beta: A float; may be left out.
        k: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LOCAL_RESPONSE_NORM, (input,), (size, alpha, beta, k))


def log(input):
    """Natural logarithm; -inf at 0, NaN below.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(LOG, input)


def log10(input):
    """Logarithm to base 10.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(LOG10, input)


def log1p(input):
    """Logarithm of one more: log(1 + x), accurate near 0.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(LOG1P, input)


def log2(input):
    """Logarithm to base 2.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(LOG2, input)


def log_normal(input, mean=1.0, std=2.0):
    """Random numbers whose logarithms are normal with that mean and standard deviation, in self's shape and dtype; in place, torch.Tensor.log_normal_.

    Args:
        input: A tensor.
        mean: A float; may be left out.
        std: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LOG_NORMAL, (input,), (mean, std))


def log_softmax(input, dim, dtype=None):
    """Logarithm of softmax along a dim: x - m - log(sum of e^(x - m)), m the largest element.

    Args:
        input: A tensor.
        dim: An integer.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LOG_SOFTMAX, (input,), (dim, dtype))


def logaddexp(input, other):
    """Logarithm of a sum of exponentials: log(e^self + e^other), without overflow.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(LOGADDEXP, input, other)


def logaddexp2(input, other):
    """Logarithm to base 2 of a sum of powers of 2: log2(2^self + 2^other), without overflow.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(LOGADDEXP2, input, other)


def logcumsumexp(input, dim):
    """Logarithm of the running sum of exponentials along a dim: y[k] = log(e^x[0] + ... + e^x[k]).

    Args:
        input: A tensor.
        dim: An integer.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LOGCUMSUMEXP, (input,), (dim,))


def logdet(input):
    """Logarithms of determinants; NaN if negative, -inf if zero.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(LOGDET, input)


def logical_and(input, other):
    """Whether both elements are true, where all but zero is true.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(LOGICAL_AND, input, other)


def logical_not(input):
    """Whether an element is zero: not x, where all but zero is true.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(LOGICAL_NOT, input)


def logical_or(input, other):
    """Whether either element is true, where all but zero is true.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(LOGICAL_OR, input, other)


def logical_xor(input, other):
    """Whether exactly one element is true, where all but zero is true.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(LOGICAL_XOR, input, other)


def logit(input, eps=None):
    """Inverse of the sigmoid: log(x / (1 - x)), of x limited to [eps, 1 - eps] if eps is given.

    Args:
        input: A tensor.
        eps: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LOGIT, (input,), (eps,))


def logsigmoid(input):
    """Logarithm of the sigmoid: -log(1 + e^-x), without overflow.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(LOGSIGMOID, input)


def logspace(start, end, steps, base=10.0, dtype=None, requires_grad=False):
    """base to the power of so many exponents from start to end, both included, evenly apart.

    Args:
        start: A number.
        end: A number.
        steps: An integer.
        base: A float; may be left out.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LOGSPACE, (), (start, end, steps, base, dtype), requires_grad=requires_grad)


def logsumexp(input, dim, keepdim=False):
    """Logarithm of the sum of exponentials over dims, without overflow: m + log(sum of e^(x - m)), m the largest element.

    Args:
        input: A tensor.
        dim: Integers.
        keepdim: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LOGSUMEXP, (input,), (dim, keepdim))


def lp_pool1d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    """The p-norm of every window over the last dim: (sum of x^p)^(1/p), without absolute values; windows are stride (by default the kernel's size) apart.

    Args:
        input: A tensor.
        norm_type: A float.
        kernel_size: Integers.
        stride: Integers; may be left out.
        ceil_mode: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LP_POOL1D, (input,), (norm_type, kernel_size, stride, ceil_mode))


def lp_pool2d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    """The p-norm of every window over the last two dims: (sum of x^p)^(1/p), without absolute values; windows are stride (by default the kernel's size) apart.

    Args:
        input: A tensor.
        norm_type: A float.
        kernel_size: Integers.
        stride: Integers; may be left out.
        ceil_mode: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LP_POOL2D, (input,), (norm_type, kernel_size, stride, ceil_mode))


def lp_pool3d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    """The p-norm of every window over the last three dims: (sum of x^p)^(1/p), without absolute values; windows are stride (by default the kernel's size) apart.

    Args:
        input: A tensor.
        norm_type: A float.
        kernel_size: Integers.
        stride: Integers; may be left out.
        ceil_mode: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(LP_POOL3D, (input,), (norm_type, kernel_size, stride, ceil_mode))


def lstm_cell(input, hx, cx, w_ih, w_hh, b_ih=None, b_hh=None):
    """One step of long short-term memory: with the gates i, f, g, o = W_ih x + b_ih + W_hh h + b_hh, c' = sigmoid(f) c + sigmoid(i) tanh(g), and h' = sigmoid(o) tanh(c'). The weights hold the gates one above the other.

    Args:
        input: A tensor.
        hx: A tensor.
        cx: A tensor.
        w_ih: A tensor.
        w_hh: A tensor.
        b_ih: A tensor; may be left out.
        b_hh: A tensor; may be left out.

    Returns:
        A named tuple: hy, cy.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LSTM_CELL, (input, hx, cx, w_ih, w_hh, b_ih, b_hh), ())


def lt(input, other):
    """Whether self is less than other, elementwise; false for NaN.

    Args:
        input: A tensor.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(LT, input, other)


def lu_unpack(LU_data, LU_pivots, unpack_data=True, unpack_pivots=True):
    """P, L and U of an LU factorization: the permutation matrix, the unit lower and the upper triangular factor. What is not asked for is empty.

    Args:
        LU_data: A tensor.
        LU_pivots: A tensor.
        unpack_data: A truth value; may be left out.
        unpack_pivots: A truth value; may be left out.

    Returns:
        A named tuple: P, L, U.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(LU_UNPACK, (LU_data, LU_pivots), (unpack_data, unpack_pivots))


def mT(input):
    """A view with the last two dims swapped (Tensor.mT).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(MT, input)


def margin_ranking_loss(input1, input2, target, margin=0.0, reduction="mean"):
    """Margin ranking loss: max(0, margin - target (input1 - input2)), with target 1 where input1 is to be the larger, -1 where input2 is.

    Args:
        input1: A tensor.
        input2: A tensor.
        target: A tensor.
        margin: A float; may be left out.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MARGIN_RANKING_LOSS, (input1, input2, target), (margin, reduction))


def masked_fill(input, mask, value):
    """Self with a value, cast to its dtype, where the mask holds.

    Args:
        input: A tensor.
        mask: A tensor.
        value: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MASKED_FILL, (input, mask, value), ())


def masked_scatter(input, mask, source):
    """Self with the elements where a mask is true replaced, in order, by those of source.

    Args:
        input: A tensor.
        mask: A tensor.
        source: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MASKED_SCATTER, (input, mask, source), ())


def masked_select(input, mask):
    """The elements where a mask is true, as a vector; self and mask broadcast.

    Args:
        input: A tensor.
        mask: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(MASKED_SELECT, input, mask)


def matmul(input, other):
    """Matrix product of tensors of any rank: the last two dims multiply, the dims before them broadcast; a vector is a row on the left and a column on the right, and its dim is not in the result.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(MATMUL, input, other)


def matrix_H(input):
    """The transpose of a matrix as a view (Tensor.H: for real numbers nothing is conjugated).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(MATRIX_H, input)


def matrix_power(input, n):
    """The n-th power of square matrices; another name of linalg_matrix_power.

    Args:
        input: A tensor.
        n: An integer.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MATRIX_POWER, (input,), (n,))


def max(*args, **kwargs):
    """Largest of all elements; NaN if there is one. Equal ones share the gradient.

    Forms:
        max(input)
        max(input, dim, keepdim=False)
        max(input, other)
    """
    return _max(args, kwargs)


def max_pool1d(input, kernel_size, stride=None, padding=None, dilation=None, ceil_mode=False):
    """The largest element of every window over the last dim; windows are stride (by default the kernel's size) apart, NaN counts as largest. The gradient goes to the first largest.

    Args:
        input: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        dilation: Integers; may be left out.
        ceil_mode: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MAX_POOL1D, (input,), (kernel_size, stride, padding, dilation, ceil_mode))


def max_pool1d_with_indices(input, kernel_size, stride=None, padding=None, dilation=None, ceil_mode=False):
    """As max_pool1d, and the index of each maximum within its plane: max_pool1d with return_indices.

    Args:
        input: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        dilation: Integers; may be left out.
        ceil_mode: A truth value; may be left out.

    Returns:
        A named tuple: output, indices.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(MAX_POOL1D_WITH_INDICES, (input,), (kernel_size, stride, padding, dilation, ceil_mode))


def max_pool2d(input, kernel_size, stride=None, padding=None, dilation=None, ceil_mode=False):
    """The largest element of every window over the last two dims; windows are stride (by default the kernel's size) apart, NaN counts as largest. The gradient goes to the first largest.

    Args:
        input: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        dilation: Integers; may be left out.
        ceil_mode: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MAX_POOL2D, (input,), (kernel_size, stride, padding, dilation, ceil_mode))


def max_pool2d_with_indices(input, kernel_size, stride=None, padding=None, dilation=None, ceil_mode=False):
    """As max_pool2d, and the index of each maximum within its plane: max_pool2d with return_indices.

    Args:
        input: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        dilation: Integers; may be left out.
        ceil_mode: A truth value; may be left out.

    Returns:
        A named tuple: output, indices.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(MAX_POOL2D_WITH_INDICES, (input,), (kernel_size, stride, padding, dilation, ceil_mode))


def max_pool3d(input, kernel_size, stride=None, padding=None, dilation=None, ceil_mode=False):
    """The largest element of every window over the last three dims; windows are stride (by default the kernel's size) apart, NaN counts as largest. The gradient goes to the first largest.

    Args:
        input: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        dilation: Integers; may be left out.
        ceil_mode: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MAX_POOL3D, (input,), (kernel_size, stride, padding, dilation, ceil_mode))


def max_pool3d_with_indices(input, kernel_size, stride=None, padding=None, dilation=None, ceil_mode=False):
    """As max_pool3d, and the index of each maximum within its plane: max_pool3d with return_indices.

    Args:
        input: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        dilation: Integers; may be left out.
        ceil_mode: A truth value; may be left out.

    Returns:
        A named tuple: output, indices.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(MAX_POOL3D_WITH_INDICES, (input,), (kernel_size, stride, padding, dilation, ceil_mode))


def max_unpool1d(input, indices, kernel_size, stride=None, padding=None, output_size=None):
    """Undoes max_pool1d as far as it can be undone: each maximum goes back to its index, everything else is zero.

    Args:
        input: A tensor.
        indices: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        output_size: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MAX_UNPOOL1D, (input, indices), (kernel_size, stride, padding, output_size))


def max_unpool2d(input, indices, kernel_size, stride=None, padding=None, output_size=None):
    """Undoes max_pool2d as far as it can be undone: each maximum goes back to its index, everything else is zero.

    Args:
        input: A tensor.
        indices: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        output_size: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MAX_UNPOOL2D, (input, indices), (kernel_size, stride, padding, output_size))


def max_unpool3d(input, indices, kernel_size, stride=None, padding=None, output_size=None):
    """Undoes max_pool3d as far as it can be undone: each maximum goes back to its index, everything else is zero.

    Args:
        input: A tensor.
        indices: A tensor.
        kernel_size: Integers.
        stride: Integers; may be left out.
        padding: Integers; may be left out.
        output_size: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MAX_UNPOOL3D, (input, indices), (kernel_size, stride, padding, output_size))


def maximum(input, other):
    """The larger element of two; NaN if either is.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(MAXIMUM, input, other)


def mean(input, dim=None, keepdim=False, dtype=None):
    """Mean over dims, or of all elements: sum / n; NaN of no elements.

    Args:
        input: A tensor.
        dim: Integers; may be left out.
        keepdim: A truth value; may be left out.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MEAN, (input,), (dim, keepdim, dtype))


def median(*args, **kwargs):
    """The median of all elements, of an even number the lower one; NaN if there is one, or no element. Equal ones share the gradient.

    Forms:
        median(input)
        median(input, dim, keepdim=False)
    """
    return _median(args, kwargs)


def meshgrid(tensors, indexing="ij"):
    """Grids of coordinates from vectors, as views: the n-th grid varies along dim n; with indexing "xy" the first two dims are swapped.

    Args:
        tensors: Tensors.
        indexing: A string; may be left out.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(MESHGRID, (tensors,), (indexing,))


def min(*args, **kwargs):
    """Smallest of all elements; NaN if there is one. Equal ones share the gradient.

    Forms:
        min(input)
        min(input, dim, keepdim=False)
        min(input, other)
    """
    return _min(args, kwargs)


def minimum(input, other):
    """The smaller element of two; NaN if either is.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(MINIMUM, input, other)


def mish(input):
    """Mish: x tanh(log(1 + e^x)).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(MISH, input)


def mm(input, mat2):
    """Product of two matrices: y[i, j] = sum over p of self[i, p] * mat2[p, j].

    Args:
        input: A tensor.
        mat2: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(MM, input, mat2)


def mode(input, dim=-1, keepdim=False):
    """The most frequent element along a dim, of several the smallest, and the last index of it.

    Args:
        input: A tensor.
        dim: An integer; may be left out.
        keepdim: A truth value; may be left out.

    Returns:
        A named tuple: values, indices.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(MODE, (input,), (dim, keepdim))


def movedim(input, source, destination):
    """A view with some dims moved to other positions; the rest keep their order.

    Args:
        input: A tensor.
        source: Integers.
        destination: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MOVEDIM, (input,), (source, destination))


def mse_loss(input, target, reduction="mean"):
    """Squared error: (self - target)^2.

    Args:
        input: A tensor.
        target: A tensor.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MSE_LOSS, (input, target), (reduction,))


def mul(input, other):
    """Product, elementwise: self * other. On truth values, logical and.

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(MUL, input, other)


def multi_margin_loss(input, target, p=None, margin=None, weight=None, reduction="mean"):
    """Multi-class margin loss: the sum over the classes c other than the target t of max(0, margin - self[t] + self[c])^p weight[t], divided by the number of classes.

    Args:
        input: A tensor.
        target: A tensor.
        p: A number; may be left out.
        margin: A number; may be left out.
        weight: A tensor; may be left out.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MULTI_MARGIN_LOSS, (input, target, weight), (p, margin, reduction))


def multilabel_margin_loss(input, target, reduction="mean"):
    """Multi-label margin loss: the sum over the target classes t, which a -1 ends, and the classes c that are no target, of max(0, 1 - self[t] + self[c]), divided by the number of classes.

    Args:
        input: A tensor.
        target: A tensor.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MULTILABEL_MARGIN_LOSS, (input, target), (reduction,))


def multilabel_soft_margin_loss(input, target, weight=None, reduction="mean"):
    """Multi-label loss: -(target logsigmoid(self) + (1 - target) logsigmoid(-self)) weight, its mean over the classes in the last dim.

    Args:
        input: A tensor.
        target: A tensor.
        weight: A tensor; may be left out.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MULTILABEL_SOFT_MARGIN_LOSS, (input, target, weight), (reduction,))


def multinomial(input, num_samples, replacement=False):
    """Indices drawn with the probabilities, up to a factor, that a vector or the rows of a matrix hold; with replacement or without.

    Args:
        input: A tensor.
        num_samples: An integer.
        replacement: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MULTINOMIAL, (input,), (num_samples, replacement))


def mv(input, vec):
    """Product of a matrix and a vector: y[i] = sum over p of self[i, p] * vec[p].

    Args:
        input: A tensor.
        vec: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(MV, input, vec)


def mvlgamma(input, p):
    """Logarithm of the multivariate gamma function of dimension p: p (p - 1) / 4 log pi + the sum of lgamma(self - j / 2) over j below p.

    Args:
        input: A tensor.
        p: An integer.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(MVLGAMMA, (input,), (p,))


def nan_to_num(input, nan=None, posinf=None, neginf=None):
    """Replaces NaN by a number (0) and the infinities by others (the dtype's greatest and least).

    Args:
        input: A tensor.
        nan: A float; may be left out.
        posinf: A float; may be left out.
        neginf: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(NAN_TO_NUM, (input,), (nan, posinf, neginf))


def nanmean(input, dim=None, keepdim=False, dtype=None):
    """Mean over dims, or of all elements, NaN left out.

    Args:
        input: A tensor.
        dim: Integers; may be left out.
        keepdim: A truth value; may be left out.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(NANMEAN, (input,), (dim, keepdim, dtype))


def nanmedian(*args, **kwargs):
    """The median of all elements that are not NaN, of an even number the lower one; NaN if there is none. Equal ones share the gradient.

    Forms:
        nanmedian(input)
        nanmedian(input, dim, keepdim=False)
    """
    return _nanmedian(args, kwargs)


def nanquantile(input, q, dim=None, keepdim=False, interpolation="linear"):
    """Quantiles along a dim, or of all elements, of those that are not NaN; see quantile.

    Args:
        input: A tensor.
        q: A tensor or a number.
        dim: An integer; may be left out.
        keepdim: A truth value; may be left out.
        interpolation: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(NANQUANTILE, (input, q), (dim, keepdim, interpolation))


def nansum(input, dim=None, keepdim=False, dtype=None):
    """Sum over dims, or of all elements, NaN counting as zero.

    Args:
        input: A tensor.
        dim: Integers; may be left out.
        keepdim: A truth value; may be left out.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(NANSUM, (input,), (dim, keepdim, dtype))


def narrow(*args, **kwargs):
    """A view of length consecutive indices of a dim from start; a negative start counts from the end.

    Forms:
        narrow(input, dim, start, length)
        narrow(input, dim, start, length)
    """
    return _narrow(args, kwargs)


def ne(input, other):
    """Whether the elements differ: self != other; NaN differs from all.

    Args:
        input: A tensor.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(NE, input, other)


def neg(input):
    """Negative: -x.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(NEG, input)


def new_empty(input, size, dtype=None):
    """Zeros (memory without a value would show what others left there) of a shape, of self's dtype unless another is given.

    Args:
        input: A tensor.
        size: Integers.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(NEW_EMPTY, (input,), (size, dtype))


def new_full(input, size, fill_value, dtype=None):
    """One value in a shape, in self's dtype unless another is given.

    Args:
        input: A tensor.
        size: Integers.
        fill_value: A number.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(NEW_FULL, (input,), (size, fill_value, dtype))


def new_ones(input, size, dtype=None):
    """Ones of a shape, of self's dtype unless another is given.

    Args:
        input: A tensor.
        size: Integers.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(NEW_ONES, (input,), (size, dtype))


def new_zeros(input, size, dtype=None):
    """Zeros of a shape, of self's dtype unless another is given.

    Args:
        input: A tensor.
        size: Integers.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(NEW_ZEROS, (input,), (size, dtype))


def nextafter(input, other):
    """The next floating-point number after self in the direction of other. Has no derivative.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(NEXTAFTER, input, other)


def nll_loss(input, target, weight=None, reduction="mean", ignore_index=-100):
    """Negative log-likelihood: -weight[target] self[target], the classes in dim 1 of self (or its only dim). A mean divides by the weights of the targets; targets of ignore_index do not count.

    Args:
        input: A tensor.
        target: A tensor.
        weight: A tensor; may be left out.
        reduction: A string; may be left out.
        ignore_index: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(NLL_LOSS, (input, target, weight), (reduction, ignore_index))


def nonzero(input):
    """The indices of all elements that are not zero, a row of int64 for each, in row-major order.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(NONZERO, input)


def nonzero_numpy(input):
    """The indices of all elements that are not zero, a vector for each dim (nonzero with as_tuple).

    Args:
        input: A tensor.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(NONZERO_NUMPY, (input,), ())


def norm(*args, **kwargs):
    """p-norm over dims, or of all elements: (sum of |x|^p)^(1/p), p = 2 unless given.

    Forms:
        norm(input, p=None, dim=None, keepdim=False, dtype=None)
        norm(input, p, dim=None, keepdim=False, dtype=None)
    """
    return _norm(args, kwargs)


def normal(*args, **kwargs):
    """Normal random numbers in self's shape and dtype; in place, torch.Tensor.normal_.

    Forms:
        normal(input, mean=0.0, std=1.0)
        normal(mean, std, size, dtype=None)
    """
    return _normal(args, kwargs)


def normalize(input, p=2.0, dim=1, eps=1e-12):
    """Vectors along a dim over their p-norm, or over eps if that is larger.

    Args:
        input: A tensor.
        p: A float; may be left out.
        dim: An integer; may be left out.
        eps: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(NORMALIZE, (input,), (p, dim, eps))


def numpy_T(input):
    """A view with all dims in reverse order (Tensor.T).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(NUMPY_T, input)


def one_hot(input, num_classes=-1):
    """int64 vectors with a one where the index says and zeros elsewhere; num_classes -1 means the largest index plus one.

    Args:
        input: A tensor.
        num_classes: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ONE_HOT, (input,), (num_classes,))


def ones(size, dtype=None, requires_grad=False):
    """A tensor of ones, float32 unless a dtype is given.

    Args:
        size: Integers.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(ONES, (), (size, dtype), requires_grad=requires_grad)


def ones_like(input, dtype=None):
    """Ones of self's shape, and of its dtype unless another is given.

    Args:
        input: A tensor.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ONES_LIKE, (input,), (dtype,))


def outer(input, vec2):
    """Outer product of two vectors: y[i, j] = self[i] * vec2[j].

    Args:
        input: A tensor.
        vec2: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(OUTER, input, vec2)


def pad(input, pad, mode="constant", value=None):
    """Self with something around it: a constant value, its reflection, its edges (replicate) or its other side (circular).

    Args:
        input: A tensor.
        pad: Integers.
        mode: A string; may be left out.
        value: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(PAD, (input,), (pad, mode, value))


def pairwise_distance(x1, x2, p=2.0, eps=1e-06, keepdim=False):
    """p-norm of x1 - x2 + eps over the last dim.

    Args:
        x1: A tensor.
        x2: A tensor.
        p: A float; may be left out.
        eps: A float; may be left out.
        keepdim: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(PAIRWISE_DISTANCE, (x1, x2), (p, eps, keepdim))


def pdist(input, p=2.0):
    """p-norm distances between each row of a matrix and those after it, row by row.

    Args:
        input: A tensor.
        p: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(PDIST, (input,), (p,))


def permute(input, dims):
    """A view with the dims in the given order.

    Args:
        input: A tensor.
        dims: Integers.

    Returns:
        The result, which may share the input's memory.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(PERMUTE, (input,), (dims,))


def pinverse(input, rcond=1e-15):
    """Moore-Penrose inverses; singular values not above rcond * largest count as zero.

    Args:
        input: A tensor.
        rcond: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(PINVERSE, (input,), (rcond,))


def pixel_shuffle(input, upscale_factor):
    """Channels become pixels: (..., channels r^2, height, width) to (..., channels, height r, width r), where r is upscale_factor.

    Args:
        input: A tensor.
        upscale_factor: An integer.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(PIXEL_SHUFFLE, (input,), (upscale_factor,))


def pixel_unshuffle(input, downscale_factor):
    """Pixels become channels: (..., channels, height r, width r) to (..., channels r^2, height, width), where r is downscale_factor.

    Args:
        input: A tensor.
        downscale_factor: An integer.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(PIXEL_UNSHUFFLE, (input,), (downscale_factor,))


def poisson(input):
    """Random counts of the Poisson distribution with the rates that self holds; its derivative is zero.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(POISSON, input)


def poisson_nll_loss(input, target, log_input=True, full=False, eps=1e-08, reduction="mean"):
    """Negative log-likelihood of a Poisson distribution: e^input - target input, or input - target log(input + eps) where the input is no logarithm; full adds Stirling's approximation of log target! where the target exceeds 1.

    Args:
        input: A tensor.
        target: A tensor.
        log_input: A truth value; may be left out.
        full: A truth value; may be left out.
        eps: A float; may be left out.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(POISSON_NLL_LOSS, (input, target), (log_input, full, eps, reduction))


def polygamma(n, input):
    """The nth derivative of digamma: (-1)^(n+1) n! times the sum of (x + k)^-(n+1) over k from 0, for n above 0.

    Args:
        n: An integer.
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(POLYGAMMA, (input,), (n,))


def positive(input):
    """The tensor itself: +x.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(POSITIVE, input)


def pow(input, exponent):
    """Power: self ^ exponent, either of them a tensor or a number.

    Args:
        input: A tensor or a number.
        exponent: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(POW, input, exponent)


def prelu(input, weight):
    """Parametric rectified linear unit: x where positive, else weight * x, with one weight or one for each channel (dim 1).

    Args:
        input: A tensor.
        weight: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(PRELU, input, weight)


def prod(*args, **kwargs):
    """Product of all elements; integers and truth values multiply in int64.

    Forms:
        prod(input, dtype=None)
        prod(input, dim, keepdim=False, dtype=None)
    """
    return _prod(args, kwargs)


def put(input, index, source, accumulate=False):
    """Self with elements of source written to, or added to, places in row-major order; negative places count from the end.

    Args:
        input: A tensor.
        index: A tensor.
        source: A tensor.
        accumulate: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(PUT, (input, index, source), (accumulate,))


def qr(input, some=True):
    """QR decomposition, the older form of linalg_qr: reduced if some, else complete.

    Args:
        input: A tensor.
        some: A truth value; may be left out.

    Returns:
        A named tuple: Q, R.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(QR, (input,), (some,))


def quantile(input, q, dim=None, keepdim=False, interpolation="linear"):
    """Quantiles along a dim, or of all elements, at q in [0, 1]: the element at place q (n - 1) of the sorted ones, interpolated between neighbours (linear, lower, higher, midpoint or nearest). Several q make a first dim. NaN if there is one.

    Args:
        input: A tensor.
        q: A tensor or a number.
        dim: An integer; may be left out.
        keepdim: A truth value; may be left out.
        interpolation: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(QUANTILE, (input, q), (dim, keepdim, interpolation))


def rad2deg(input):
    """Radians to degrees: x 180 / pi.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(RAD2DEG, input)


def rand(size, dtype=None, requires_grad=False):
    """Uniform random numbers in [0, 1).

    Args:
        size: Integers.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(RAND, (), (size, dtype), requires_grad=requires_grad)


def rand_like(input, dtype=None):
    """Uniform random numbers in [0, 1) of self's shape, and of its dtype unless another is given.

    Args:
        input: A tensor.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(RAND_LIKE, (input,), (dtype,))


def randint(*args, **kwargs):
    """Random integers in [0, high); int64 unless a dtype is given.

    Forms:
        randint(high, size, dtype=None)
        randint(low, high, size, dtype=None)
    """
    return _randint(args, kwargs)


def randint_like(*args, **kwargs):
    """Random integers in [0, high) of self's shape, and of its dtype unless another is given.

    Forms:
        randint_like(input, high, dtype=None)
        randint_like(input, low, high, dtype=None)
    """
    return _randint_like(args, kwargs)


def randn(size, dtype=None, requires_grad=False):
    """Standard normal random numbers.

    Args:
        size: Integers.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(RANDN, (), (size, dtype), requires_grad=requires_grad)


def randn_like(input, dtype=None):
    """Standard normal random numbers of self's shape, and of its dtype unless another is given.

    Args:
        input: A tensor.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(RANDN_LIKE, (input,), (dtype,))


def randperm(n, dtype=None, requires_grad=False):
    """A random permutation of 0, ..., n - 1; int64 unless a dtype is given.

    Args:
        n: An integer.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(RANDPERM, (), (n, dtype), requires_grad=requires_grad)


def ravel(input):
    """All elements in one dim: a view where strides allow it, else a copy.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(RAVEL, input)


def reciprocal(input):
    """Reciprocal: 1 / x.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(RECIPROCAL, input)


def relu(input):
    """Rectified linear unit: max(x, 0).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(RELU, input)


def relu6(input):
    """Rectified linear unit up to 6: min(max(x, 0), 6).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(RELU6, input)


def remainder(input, other):
    """Remainder with the sign of other, as Python has it: self - other floor(self / other).

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(REMAINDER, input, other)


def renorm(input, p, dim, maxnorm):
    """Scales the slices along a dim whose p-norm exceeds maxnorm down to it.

    Args:
        input: A tensor.
        p: A number.
        dim: An integer.
        maxnorm: A number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(RENORM, (input,), (p, dim, maxnorm))


def repeat(input, repeats):
    """A copy of self repeated along each dim; more numbers than dims add dims in front.

    Args:
        input: A tensor.
        repeats: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(REPEAT, (input,), (repeats,))


def repeat_interleave(*args, **kwargs):
    """Each index of a dim so many times in a row; without a dim, of all elements as one row.

    Forms:
        repeat_interleave(input, repeats, dim=None)
        repeat_interleave(input, repeats, dim=None)
    """
    return _repeat_interleave(args, kwargs)


def reshape(input, shape):
    """The elements in another shape: a view where strides allow it, else a copy.

    Args:
        input: A tensor.
        shape: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(RESHAPE, (input,), (shape,))


def reshape_as(input, other):
    """The elements in the shape of another tensor: a view where strides allow it, else a copy.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(RESHAPE_AS, input, other)


def rms_norm(input, normalized_shape, weight=None, eps=None):
    """Normalisation by the root mean square over the last dims: x / sqrt(mean of x^2 + eps) * weight; eps is the dtype's epsilon unless given.

    Args:
        input: A tensor.
        normalized_shape: Integers.
        weight: A tensor; may be left out.
        eps: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(RMS_NORM, (input, weight), (normalized_shape, eps))


def rnn_relu_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None):
    """One step of an Elman network: relu(W_ih input + b_ih + W_hh hx + b_hh). input is [N, in], hx [N, hidden].

    Args:
        input: A tensor.
        hx: A tensor.
        w_ih: A tensor.
        w_hh: A tensor.
        b_ih: A tensor; may be left out.
        b_hh: A tensor; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(RNN_RELU_CELL, (input, hx, w_ih, w_hh, b_ih, b_hh), ())


def rnn_tanh_cell(input, hx, w_ih, w_hh, b_ih=None, b_hh=None):
    """One step of an Elman network: tanh(W_ih input + b_ih + W_hh hx + b_hh). input is [N, in], hx [N, hidden].

    Args:
        input: A tensor.
        hx: A tensor.
        w_ih: A tensor.
        w_hh: A tensor.
        b_ih: A tensor; may be left out.
        b_hh: A tensor; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(RNN_TANH_CELL, (input, hx, w_ih, w_hh, b_ih, b_hh), ())


def roll(input, shifts, dims=None):
    """A copy with dims shifted in a circle; without dims, all elements as one row.

    Args:
        input: A tensor.
        shifts: Integers.
        dims: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ROLL, (input,), (shifts, dims))


def rot90(input, k=1, dims=None):
    """A copy turned k times by 90 degrees in the plane of two dims, from the first towards the second.

    Args:
        input: A tensor.
        k: An integer; may be left out.
        dims: Integers; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ROT90, (input,), (k, dims))


def round(input, decimals=0):
    """The nearest number with some decimals, ties to even; negative decimals round to tens, hundreds and so on.

    Args:
        input: A tensor.
        decimals: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ROUND, (input,), (decimals,))


def rrelu(input, lower=0.125, upper=0.3333333333333333, training=False):
    """Randomised leaky ReLU: self where positive, else self times a slope, in training drawn from [lower, upper) for each element, otherwise the middle of the two.

    Args:
        input: A tensor.
        lower: A float; may be left out.
        upper: A float; may be left out.
        training: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(RRELU, (input,), (lower, upper, training))


def rsqrt(input):
    """Reciprocal square root: 1 / sqrt(x).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(RSQRT, input)


def rsub(input, other, alpha=None):
    """Difference the other way round, with a factor: other - alpha * self.

    Args:
        input: A tensor.
        other: A tensor or a number.
        alpha: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(RSUB, input, other) if alpha is None else _apply(RSUB, (input, other), (alpha,))


def scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
    """Attention: softmax(scale query key^T + attn_mask) value over the last two dims, scale 1 / sqrt(E) unless given. A mask of truth values hides where it is false; is_causal hides keys after the query; a query that sees nothing gets zeros. enable_gqa repeats the heads of key and value (dim -3) to those of query.

    Args:
        query: A tensor.
        key: A tensor.
        value: A tensor.
        attn_mask: A tensor; may be left out.
        dropout_p: A float; may be left out.
        is_causal: A truth value; may be left out.
        scale: A float; may be left out.
        enable_gqa: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SCALED_DOT_PRODUCT_ATTENTION, (query, key, value, attn_mask), (dropout_p, is_causal, scale, enable_gqa))


def scatter(*args, **kwargs):
    """Self with elements of src written where an index leads along a dim: y[i with i[dim] = index[i]] = src[i].

    Forms:
        scatter(input, dim, index, src)
        scatter(input, dim, index, src, reduce)
        scatter(input, dim, index, value)
        scatter(input, dim, index, value, reduce)
    """
    return _scatter(args, kwargs)


def scatter_add(input, dim, index, src):
    """Self with elements of src added where an index leads along a dim: y[i with i[dim] = index[i]] += src[i].

    Args:
        input: A tensor.
        dim: An integer.
        index: A tensor.
        src: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SCATTER_ADD, (input, index, src), (dim,))


def scatter_reduce(input, dim, index, src, reduce, include_self=True):
    """Self with elements of src combined where an index leads along a dim, by sum, prod, mean, amax or amin; what self held counts too unless include_self is false. Gradients of extrema are shared by ties.

    Args:
        input: A tensor.
        dim: An integer.
        index: A tensor.
        src: A tensor.
        reduce: A string.
        include_self: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SCATTER_REDUCE, (input, index, src), (dim, reduce, include_self))


def searchsorted(sorted_sequence, input, out_int32=False, right=False, side=None, sorter=None):
    """Where values would go into sorted rows to keep them sorted: the first place, or, if right (or side "right"), the place after equal ones. A sorter tells the order of rows that are not sorted.

    Args:
        sorted_sequence: A tensor.
        input: A tensor or a number.
        out_int32: A truth value; may be left out.
        right: A truth value; may be left out.
        side: A string; may be left out.
        sorter: A tensor; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SEARCHSORTED, (sorted_sequence, input, sorter), (out_int32, right, side))


def select(input, dim, index):
    """A view of one index of a dim, which goes away; a negative index counts from the end.

    Args:
        input: A tensor.
        dim: An integer.
        index: An integer.

    Returns:
        The result, which may share the input's memory.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SELECT, (input,), (dim, index))


def select_scatter(input, src, dim, index):
    """A copy of self with one index of a dim replaced by src.

    Args:
        input: A tensor.
        src: A tensor.
        dim: An integer.
        index: An integer.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SELECT_SCATTER, (input, src), (dim, index))


def selu(input):
    """Self-normalizing exponential linear unit: elu with alpha = 1.6733 and scale = 1.0507.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SELU, input)


def sgn(input):
    """Sign: -1, 0 or 1; of real numbers the same as sign.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SGN, input)


def sigmoid(input):
    """Logistic function: 1 / (1 + e^-x).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SIGMOID, input)


def sign(input):
    """Sign: -1, 0 or 1; NaN has none and gives 0.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SIGN, input)


def signbit(input):
    """Whether the sign of an element is minus; -0.0 has it.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SIGNBIT, input)


def silu(input):
    """Sigmoid linear unit: x sigmoid(x).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SILU, input)


def sin(input):
    """Sine of x radians.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SIN, input)


def sinc(input):
    """Normalized sinc: sin(pi x) / (pi x), 1 at 0.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SINC, input)


def sinh(input):
    """Hyperbolic sine.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SINH, input)


def slice(input, dim=0, start=None, end=None, step=1):
    """A view of every step-th index of a dim from start up to, not including, end; as Python slices, negative bounds count from the end.

    Args:
        input: A tensor.
        dim: An integer; may be left out.
        start: An integer; may be left out.
        end: An integer; may be left out.
        step: An integer; may be left out.

    Returns:
        The result, which may share the input's memory.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SLICE, (input,), (dim, start, end, step))


def slice_scatter(input, src, dim=0, start=None, end=None, step=1):
    """A copy of self with a slice of a dim replaced by src.

    Args:
        input: A tensor.
        src: A tensor.
        dim: An integer; may be left out.
        start: An integer; may be left out.
        end: An integer; may be left out.
        step: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SLICE_SCATTER, (input, src), (dim, start, end, step))


def slogdet(input):
    """Sign and logarithm of the size of determinants; another name of linalg_slogdet.

    Args:
        input: A tensor.

    Returns:
        A named tuple: sign, logabsdet.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(SLOGDET, (input,), ())


def smooth_l1_loss(input, target, reduction="mean", beta=1.0):
    """Smooth L1 loss: (self - target)^2 / (2 beta) where |self - target| is below beta, |self - target| - beta / 2 beyond; with beta 0 the absolute error.

    Args:
        input: A tensor.
        target: A tensor.
        reduction: A string; may be left out.
        beta: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SMOOTH_L1_LOSS, (input, target), (reduction, beta))


def soft_margin_loss(input, target, reduction="mean"):
    """Soft margin loss: log(1 + e^(-target self)), for targets 1 and -1.

    Args:
        input: A tensor.
        target: A tensor.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SOFT_MARGIN_LOSS, (input, target), (reduction,))


def softmax(input, dim, dtype=None):
    """Softmax along a dim: e^(x - m) / sum of e^(x - m), m the largest element.

    Args:
        input: A tensor.
        dim: An integer.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SOFTMAX, (input,), (dim, dtype))


def softmin(input, dim, dtype=None):
    """Softmax of -x along a dim: the smallest element gets the largest share.

    Args:
        input: A tensor.
        dim: An integer.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SOFTMIN, (input,), (dim, dtype))


def softplus(input, beta=1.0, threshold=20.0):
    """Smooth maximum with 0: log(1 + e^(beta x)) / beta, and x itself where beta x exceeds the threshold.

    Args:
        input: A tensor.
        beta: A float; may be left out.
        threshold: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SOFTPLUS, (input,), (beta, threshold))


def softshrink(input, lambd=0.5):
    """Self moved by lambd towards zero, and zero inside [-lambd, lambd].

    Args:
        input: A tensor.
        lambd: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SOFTSHRINK, (input,), (lambd,))


def softsign(input):
    """Sign made soft: x / (1 + |x|).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SOFTSIGN, input)


def sort(*args, **kwargs):
    """The elements along a dim in order, and the indices where they came from. Equal elements keep their order; NaN is the largest.

    Forms:
        sort(input, dim=-1, descending=False)
        sort(input, stable, dim=-1, descending=False)
    """
    return _sort(args, kwargs)


def special_bessel_j0(input):
    """Bessel function of the first kind of order 0. Has no derivative.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_BESSEL_J0, input)


def special_bessel_j1(input):
    """Bessel function of the first kind of order 1. Has no derivative.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_BESSEL_J1, input)


def special_bessel_y0(input):
    """Bessel function of the second kind of order 0; NaN below 0. Has no derivative.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_BESSEL_Y0, input)


def special_bessel_y1(input):
    """Bessel function of the second kind of order 1; NaN below 0. Has no derivative.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_BESSEL_Y1, input)


def special_entr(input):
    """Entropy of a probability: -x log x, 0 at 0 and -inf below.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_ENTR, input)


def special_erfcx(input):
    """Scaled complementary error function: e^(x^2) erfc(x).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_ERFCX, input)


def special_i0e(input):
    """Exponentially scaled modified Bessel function of order 0: e^-|x| I0(x).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_I0E, input)


def special_i1(input):
    """Modified Bessel function of the first kind of order 1.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_I1, input)


def special_i1e(input):
    """Exponentially scaled modified Bessel function of order 1: e^-|x| I1(x).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_I1E, input)


def special_log_ndtr(input):
    """Logarithm of the normal distribution function, accurate far into its tail.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_LOG_NDTR, input)


def special_modified_bessel_i0(input):
    """Modified Bessel function of the first kind of order 0: i0, which has a derivative. Has no derivative.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_MODIFIED_BESSEL_I0, input)


def special_modified_bessel_i1(input):
    """Modified Bessel function of the first kind of order 1: special_i1, which has a derivative. Has no derivative.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_MODIFIED_BESSEL_I1, input)


def special_modified_bessel_k0(input):
    """Modified Bessel function of the second kind of order 0; NaN below 0. Has no derivative.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_MODIFIED_BESSEL_K0, input)


def special_modified_bessel_k1(input):
    """Modified Bessel function of the second kind of order 1; NaN below 0. Has no derivative.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_MODIFIED_BESSEL_K1, input)


def special_ndtr(input):
    """Normal distribution function: (1 + erf(x / sqrt 2)) / 2.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_NDTR, input)


def special_ndtri(input):
    """Inverse of the normal distribution function: the y with Phi(y) = x; infinite at 0 and 1.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_NDTRI, input)


def special_scaled_modified_bessel_k0(input):
    """Exponentially scaled modified Bessel function of the second kind of order 0: e^x K0(x); NaN below 0. Has no derivative.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_SCALED_MODIFIED_BESSEL_K0, input)


def special_scaled_modified_bessel_k1(input):
    """Exponentially scaled modified Bessel function of the second kind of order 1: e^x K1(x); NaN below 0. Has no derivative.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_SCALED_MODIFIED_BESSEL_K1, input)


def special_spherical_bessel_j0(input):
    """Spherical Bessel function of the first kind of order 0: sin(x) / x, and 1 at 0. Has no derivative.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SPECIAL_SPHERICAL_BESSEL_J0, input)


def special_xlog1py(input, other):
    """Product with a logarithm: self * log(1 + other), 0 where self is 0 and other is not NaN.

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(SPECIAL_XLOG1PY, input, other)


def special_zeta(input, other):
    """Hurwitz' zeta function: the sum of (other + k)^-self over k from 0. Has no derivative in self.

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(SPECIAL_ZETA, input, other)


def split(*args, **kwargs):
    """Views of consecutive pieces of a dim, of one size each but for a shorter last one.

    Forms:
        split(input, split_size, dim=0)
        split(input, split_size, dim=0)
    """
    return _split(args, kwargs)


def split_with_sizes(input, split_sizes, dim=0):
    """Views of consecutive pieces of a dim, of the given sizes.

    Args:
        input: A tensor.
        split_sizes: Integers.
        dim: An integer; may be left out.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(SPLIT_WITH_SIZES, (input,), (split_sizes, dim))


def sqrt(input):
    """Square root.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SQRT, input)


def square(input):
    """Square: x^2.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(SQUARE, input)


def squeeze(*args, **kwargs):
    """A view without the dims of size 1.

    Forms:
        squeeze(input)
        squeeze(input, dim)
        squeeze(input, dim)
    """
    return _squeeze(args, kwargs)


def stack(tensors, dim=0):
    """Tensors of one shape along a new dim.

    Args:
        tensors: Tensors.
        dim: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(STACK, (tensors,), (dim,))


def std(*args, **kwargs):
    """Standard deviation of all elements, corrected by 1 if unbiased, else by 0.

    Forms:
        std(input, unbiased=True)
        std(input, dim=None, correction=None, keepdim=False)
        std(input, dim, unbiased=True, keepdim=False)
    """
    return _std(args, kwargs)


def std_mean(*args, **kwargs):
    """Standard deviation over dims, or of all elements, and the mean; correction 1 unless given.

    Forms:
        std_mean(input, dim=None, correction=None, keepdim=False)
        std_mean(input, dim, unbiased=True, keepdim=False)
    """
    return _std_mean(args, kwargs)


def sub(input, other, alpha=None):
    """Difference with a factor: self - alpha * other.

    Args:
        input: A tensor or a number.
        other: A tensor or a number.
        alpha: A number; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(SUB, input, other) if alpha is None else _apply(SUB, (input, other), (alpha,))


def sum(input, dim=None, keepdim=False, dtype=None):
    """Sum over dims, or of all elements; integers and truth values add up in int64.

    Args:
        input: A tensor.
        dim: Integers; may be left out.
        keepdim: A truth value; may be left out.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SUM, (input,), (dim, keepdim, dtype))


def sum_to_size(input, size):
    """Sums the dims that broadcasting from a shape would have repeated, so that the result has that shape.

    Args:
        input: A tensor.
        size: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SUM_TO_SIZE, (input,), (size,))


def svd(input, some=True, compute_uv=True):
    """Singular value decomposition self = U diag(S) V^T, the older form of linalg_svd: it gives V, not its transpose.

    Args:
        input: A tensor.
        some: A truth value; may be left out.
        compute_uv: A truth value; may be left out.

    Returns:
        A named tuple: U, S, V.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(SVD, (input,), (some, compute_uv))


def swapaxes(input, axis0, axis1):
    """A view with two dims swapped: transpose under NumPy's name.

    Args:
        input: A tensor.
        axis0: An integer.
        axis1: An integer.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(SWAPAXES, (input,), (axis0, axis1))


def t(input):
    """The transpose of a matrix, as a view; tensors with fewer than two dims stay as they are.

    Args:
        input: A tensor.

    Returns:
        The result, which may share the input's memory.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(T, input)


def take(input, index):
    """Elements of self by their place in row-major order; negative places count from the end.

    Args:
        input: A tensor.
        index: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(TAKE, input, index)


def take_along_dim(input, indices, dim=None):
    """Elements of self where an index leads along a dim, other dims broadcasting; without a dim, among all elements.

    Args:
        input: A tensor.
        indices: A tensor.
        dim: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(TAKE_ALONG_DIM, input, indices) if dim is None else _apply(TAKE_ALONG_DIM, (input, indices), (dim,))


def tan(input):
    """Tangent of x radians.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(TAN, input)


def tanh(input):
    """Hyperbolic tangent: (e^x - e^-x) / (e^x + e^-x).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(TANH, input)


def tanhshrink(input):
    """What tanh takes away: x - tanh(x).

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(TANHSHRINK, input)


def tensor_split(*args, **kwargs):
    """Slices of a dim in so many pieces, the first ones longer by one where it does not divide.

    Forms:
        tensor_split(input, sections, dim=0)
        tensor_split(input, indices, dim=0)
        tensor_split(input, tensor_indices_or_sections, dim=0)
    """
    return _tensor_split(args, kwargs)


def tensordot(input, other, dims_self, dims_other):
    """Sum of products over pairs of dims, dims_self of self with dims_other of other; the result has the other dims, those of self first. One matrix product.

    Args:
        input: A tensor.
        other: A tensor.
        dims_self: Integers.
        dims_other: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(TENSORDOT, (input, other), (dims_self, dims_other))


def threshold(input, threshold, value):
    """Self where it exceeds a limit or is NaN, else a value.

    Args:
        input: A tensor.
        threshold: A number.
        value: A number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(THRESHOLD, (input,), (threshold, value))


def tile(input, dims):
    """A copy of self repeated along its last dims: repeat, where fewer numbers than dims will do.

    Args:
        input: A tensor.
        dims: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(TILE, (input,), (dims,))


def to(input, dtype):
    """The values in another dtype; the tensor itself if it has that dtype already. Gradients are cast back.

    Args:
        input: A tensor.
        dtype: A dtype.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(TO, (input,), (dtype,))


def topk(input, k, dim=-1, largest=True, sorted=True):
    """The k largest elements along a dim (or smallest), in order, and their indices. NaN is the largest.

    Args:
        input: A tensor.
        k: An integer.
        dim: An integer; may be left out.
        largest: A truth value; may be left out.
        sorted: A truth value; may be left out.

    Returns:
        A named tuple: values, indices.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(TOPK, (input,), (k, dim, largest, sorted))


def trace(input):
    """The sum of the main diagonal of a matrix.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(TRACE, input)


def transpose(input, dim0, dim1):
    """A view with two dims swapped.

    Args:
        input: A tensor.
        dim0: An integer.
        dim1: An integer.

    Returns:
        The result, which may share the input's memory.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(TRANSPOSE, (input,), (dim0, dim1))


def trapezoid(*args, **kwargs):
    """Integral along a dim by the trapezoidal rule, at equal distances dx: dx times the sum of (y[k] + y[k + 1]) / 2.

    Forms:
        trapezoid(y, dx=1.0, dim=-1)
        trapezoid(y, x, dim=-1)
    """
    return _trapezoid(args, kwargs)


def triangular_solve(input, A, upper=True, transpose=False, unitriangular=False):
    """Solves A X = self (A^T X = self if transpose) with triangular A; gives X and a copy of A. The older form of linalg_solve_triangular.

    Args:
        input: A tensor.
        A: A tensor.
        upper: A truth value; may be left out.
        transpose: A truth value; may be left out.
        unitriangular: A truth value; may be left out.

    Returns:
        A named tuple: solution, cloned_coefficient.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(TRIANGULAR_SOLVE, (input, A), (upper, transpose, unitriangular))


def tril(input, diagonal=0):
    """Matrices with the elements above a diagonal set to zero.

    Args:
        input: A tensor.
        diagonal: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(TRIL, (input,), (diagonal,))


def tril_indices(row, col, offset=0, requires_grad=False):
    """Rows and columns, as two rows of int64, of the elements of a matrix on or below a diagonal.

    Args:
        row: An integer.
        col: An integer.
        offset: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(TRIL_INDICES, (), (row, col, offset), requires_grad=requires_grad)


def triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2.0, eps=1e-06, swap=False, reduction="mean"):
    """Triplet loss: max(0, margin + d(anchor, positive) - d(anchor, negative)), d the p-norm of the difference in the last dim; with swap, d(positive, negative) counts where it is smaller.

    Args:
        anchor: A tensor.
        positive: A tensor.
        negative: A tensor.
        margin: A float; may be left out.
        p: A float; may be left out.
        eps: A float; may be left out.
        swap: A truth value; may be left out.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(TRIPLET_MARGIN_LOSS, (anchor, positive, negative), (margin, p, eps, swap, reduction))


def triplet_margin_with_distance_loss(anchor, positive, negative, margin=1.0, swap=False, reduction="mean"):
    """Triplet loss with the Euclidean distance, which is PyTorch's default distance function: max(0, margin + d(anchor, positive) - d(anchor, negative)).

    Args:
        anchor: A tensor.
        positive: A tensor.
        negative: A tensor.
        margin: A float; may be left out.
        swap: A truth value; may be left out.
        reduction: A string; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(TRIPLET_MARGIN_WITH_DISTANCE_LOSS, (anchor, positive, negative), (margin, swap, reduction))


def triu(input, diagonal=0):
    """Matrices with the elements below a diagonal set to zero.

    Args:
        input: A tensor.
        diagonal: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(TRIU, (input,), (diagonal,))


def triu_indices(row, col, offset=0, requires_grad=False):
    """Rows and columns, as two rows of int64, of the elements of a matrix on or above a diagonal.

    Args:
        row: An integer.
        col: An integer.
        offset: An integer; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(TRIU_INDICES, (), (row, col, offset), requires_grad=requires_grad)


def trunc(input):
    """The integer part of x.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(TRUNC, input)


def unbind(input, dim=0):
    """Views of each index of a dim, which goes away.

    Args:
        input: A tensor.
        dim: An integer; may be left out.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(UNBIND, (input,), (dim,))


def unflatten(input, dim, sizes):
    """Makes several dims of one, as a view; one of the sizes may be -1.

    Args:
        input: A tensor.
        dim: An integer.
        sizes: Integers.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(UNFLATTEN, (input,), (dim, sizes))


def unfold(input, dimension, size, step):
    """A view of all windows of a size along a dim, step apart: the dim counts the windows, a new last dim runs inside them.

    Args:
        input: A tensor.
        dimension: An integer.
        size: An integer.
        step: An integer.

    Returns:
        The result, which may share the input's memory.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(UNFOLD, (input,), (dimension, size, step))


def uniform(input, from_=0.0, to=1.0):
    """Uniform random numbers in [from, to) in self's shape and dtype; in place, torch.Tensor.uniform_.

    Args:
        input: A tensor.
        from_: A float; may be left out.
        to: A float; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(UNIFORM, (input,), (from_, to))


def unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None):
    """The distinct elements in ascending order; with dim, the distinct slices along it in lexicographic order. inverse_indices says where each element went, counts how often each occurs; both are empty unless asked for. NaN equals nothing. Has no derivative.

    Args:
        input: A tensor.
        sorted: A truth value; may be left out.
        return_inverse: A truth value; may be left out.
        return_counts: A truth value; may be left out.
        dim: An integer; may be left out.

    Returns:
        A named tuple: output, inverse_indices, counts.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(UNIQUE, (input,), (sorted, return_inverse, return_counts, dim))


def unique_consecutive(input, return_inverse=False, return_counts=False, dim=None):
    """One element of each run of equal ones; with dim, one slice of each run of equal slices along it. inverse_indices says to which run each element belongs, counts how long the runs are; both are empty unless asked for. Has no derivative.

    Args:
        input: A tensor.
        return_inverse: A truth value; may be left out.
        return_counts: A truth value; may be left out.
        dim: An integer; may be left out.

    Returns:
        A named tuple: output, inverse_indices, counts.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(UNIQUE_CONSECUTIVE, (input,), (return_inverse, return_counts, dim))


def unsafe_chunk(input, chunks, dim=0):
    """Copies of a dim in at most so many pieces of one size, but for a shorter last one; unlike the views of chunk, they may be written in place.

    Args:
        input: A tensor.
        chunks: An integer.
        dim: An integer; may be left out.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(UNSAFE_CHUNK, (input,), (chunks, dim))


def unsafe_split(input, split_size, dim=0):
    """Copies of the parts of a tensor along a dim, of split_size each but the last; unlike the views of split, they may be written in place.

    Args:
        input: A tensor.
        split_size: An integer.
        dim: An integer; may be left out.

    Returns:
        The results, in order; waits for the server.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(UNSAFE_SPLIT, (input,), (split_size, dim))


def unsqueeze(input, dim):
    """A view with a dim of size 1 put in at a position.

    Args:
        input: A tensor.
        dim: An integer.

    Returns:
        The result, which may share the input's memory.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(UNSQUEEZE, (input,), (dim,))


def vander(x, n=None, increasing=False):
    """Vandermonde matrix: row i holds the powers of x[i], from n - 1 down to 0, or upwards if increasing.

    Args:
        x: A tensor.
        n: An integer; may be left out.
        increasing: A truth value; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(VANDER, (x,), (n, increasing))


def var(*args, **kwargs):
    """Variance of all elements, corrected by 1 if unbiased, else by 0.

    Forms:
        var(input, unbiased=True)
        var(input, dim=None, correction=None, keepdim=False)
        var(input, dim, unbiased=True, keepdim=False)
    """
    return _var(args, kwargs)


def var_mean(*args, **kwargs):
    """Variance over dims, or of all elements, and the mean; correction 1 unless given.

    Forms:
        var_mean(input, dim=None, correction=None, keepdim=False)
        var_mean(input, dim, unbiased=True, keepdim=False)
    """
    return _var_mean(args, kwargs)


def vdot(input, other):
    """Inner product of two vectors: sum of self * other; for real numbers the same as dot.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(VDOT, input, other)


def view(input, size):
    """The same memory under another shape; one size may be -1. Refused where strides do not allow it.

    Args:
        input: A tensor.
        size: Integers.

    Returns:
        The result, which may share the input's memory.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(VIEW, (input,), (size,))


def view_as(input, other):
    """The same memory in the shape of another tensor.

    Args:
        input: A tensor.
        other: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(VIEW_AS, input, other)


def vsplit(*args, **kwargs):
    """Slices along dim 0: so many equal pieces.

    Forms:
        vsplit(input, sections)
        vsplit(input, indices)
    """
    return _vsplit(args, kwargs)


def vstack(tensors):
    """Tensors one below the other: along dim 0, vectors as rows.

    Args:
        tensors: Tensors.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(VSTACK, (tensors,), ())


def where(condition, input, other):
    """Chooses elementwise: self where the condition holds, else other.

    Args:
        condition: A tensor.
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(WHERE, (condition, input, other), ())


def xlogy(input, other):
    """Product with a logarithm: self * log(other), 0 where self is 0 and other is not NaN.

    Args:
        input: A tensor or a number.
        other: A tensor or a number.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _binary(XLOGY, input, other)


def zero(input):
    """Zeros of self's shape and dtype; in place, torch.Tensor.zero_.

    Args:
        input: A tensor.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _unary(ZERO, input)


def zeros(size, dtype=None, requires_grad=False):
    """A tensor of zeros, float32 unless a dtype is given.

    Args:
        size: Integers.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _apply(ZEROS, (), (size, dtype), requires_grad=requires_grad)


def zeros_like(input, dtype=None):
    """Zeros of self's shape, and of its dtype unless another is given.

    Args:
        input: A tensor.
        dtype: A dtype; may be left out.

    Returns:
        The result.

    Raises:
        AutogradError: Shapes, dtypes or values that the op does not take; told by the next call that waits.
    """
    return _call(ZEROS_LIKE, (input,), (dtype,))

absolute = abs
arccos = acos
arccosh = acosh
arcsin = asin
arcsinh = asinh
arctan = atan
arctanh = atanh
arctan2 = atan2
clip = clamp
divide = div
true_divide = div
multiply = mul
subtract = sub
negative = neg
fix = trunc
greater = gt
greater_equal = ge
less = lt
less_equal = le
not_equal = ne
concat = cat
concatenate = cat
moveaxis = movedim
swapdims = swapaxes
row_stack = vstack
ger = outer

#: Names of the functions in each of PyTorch's namespaces, and the functions.
NAMESPACES = {
    "functional": {"adaptive_avg_pool1d": adaptive_avg_pool1d, "adaptive_avg_pool2d": adaptive_avg_pool2d, "adaptive_avg_pool3d": adaptive_avg_pool3d, "adaptive_max_pool1d": adaptive_max_pool1d, "adaptive_max_pool1d_with_indices": adaptive_max_pool1d_with_indices, "adaptive_max_pool2d": adaptive_max_pool2d, "adaptive_max_pool2d_with_indices": adaptive_max_pool2d_with_indices, "adaptive_max_pool3d": adaptive_max_pool3d, "adaptive_max_pool3d_with_indices": adaptive_max_pool3d_with_indices, "affine_grid": affine_grid, "alpha_dropout": alpha_dropout, "avg_pool1d": avg_pool1d, "avg_pool2d": avg_pool2d, "avg_pool3d": avg_pool3d, "batch_norm": batch_norm, "bilinear": bilinear, "binary_cross_entropy": binary_cross_entropy, "binary_cross_entropy_with_logits": binary_cross_entropy_with_logits, "celu": celu, "channel_shuffle": channel_shuffle, "clip_grad_with_norm": clip_grad_with_norm, "col2im": col2im, "constant_pad_nd": constant_pad_nd, "conv1d": conv1d, "conv2d": conv2d, "conv3d": conv3d, "conv_transpose1d": conv_transpose1d, "conv_transpose2d": conv_transpose2d, "conv_transpose3d": conv_transpose3d, "convolution": convolution, "cosine_embedding_loss": cosine_embedding_loss, "cosine_similarity": cosine_similarity, "cross_entropy": cross_entropy, "ctc_loss": ctc_loss, "dropout": dropout, "dropout1d": dropout1d, "dropout2d": dropout2d, "dropout3d": dropout3d, "elu": elu, "embedding": embedding, "embedding_bag": embedding_bag, "feature_alpha_dropout": feature_alpha_dropout, "gaussian_nll_loss": gaussian_nll_loss, "gelu": gelu, "get_total_norm": get_total_norm, "glu": glu, "grid_sample": grid_sample, "group_norm": group_norm, "gru_cell": gru_cell, "gumbel_softmax": gumbel_softmax, "hardshrink": hardshrink, "hardsigmoid": hardsigmoid, "hardswish": hardswish, "hardtanh": hardtanh, "hinge_embedding_loss": hinge_embedding_loss, "huber_loss": huber_loss, "im2col": im2col, "instance_norm": instance_norm, "interpolate": interpolate, "kl_div": kl_div, "l1_loss": l1_loss, "layer_norm": layer_norm, "leaky_relu": leaky_relu, "linear": linear, "local_response_norm": local_response_norm, "log_softmax": log_softmax, "logsigmoid": logsigmoid, "lp_pool1d": lp_pool1d, "lp_pool2d": lp_pool2d, "lp_pool3d": lp_pool3d, "lstm_cell": lstm_cell, "margin_ranking_loss": margin_ranking_loss, "max_pool1d": max_pool1d, "max_pool1d_with_indices": max_pool1d_with_indices, "max_pool2d": max_pool2d, "max_pool2d_with_indices": max_pool2d_with_indices, "max_pool3d": max_pool3d, "max_pool3d_with_indices": max_pool3d_with_indices, "max_unpool1d": max_unpool1d, "max_unpool2d": max_unpool2d, "max_unpool3d": max_unpool3d, "mish": mish, "mse_loss": mse_loss, "multi_margin_loss": multi_margin_loss, "multilabel_margin_loss": multilabel_margin_loss, "multilabel_soft_margin_loss": multilabel_soft_margin_loss, "nll_loss": nll_loss, "normalize": normalize, "one_hot": one_hot, "pad": pad, "pairwise_distance": pairwise_distance, "pdist": pdist, "pixel_shuffle": pixel_shuffle, "pixel_unshuffle": pixel_unshuffle, "poisson_nll_loss": poisson_nll_loss, "prelu": prelu, "relu": relu, "relu6": relu6, "rms_norm": rms_norm, "rnn_relu_cell": rnn_relu_cell, "rnn_tanh_cell": rnn_tanh_cell, "rrelu": rrelu, "scaled_dot_product_attention": scaled_dot_product_attention, "selu": selu, "sigmoid": sigmoid, "silu": silu, "smooth_l1_loss": smooth_l1_loss, "soft_margin_loss": soft_margin_loss, "softmax": softmax, "softmin": softmin, "softplus": softplus, "softshrink": softshrink, "softsign": softsign, "tanh": tanh, "tanhshrink": tanhshrink, "threshold": threshold, "triplet_margin_loss": triplet_margin_loss, "triplet_margin_with_distance_loss": triplet_margin_with_distance_loss},
    "linalg": {"cholesky": linalg_cholesky, "cholesky_ex": linalg_cholesky_ex, "cond": linalg_cond, "cross": linalg_cross, "det": linalg_det, "diagonal": linalg_diagonal, "eigh": linalg_eigh, "eigvalsh": linalg_eigvalsh, "householder_product": linalg_householder_product, "inv": linalg_inv, "inv_ex": linalg_inv_ex, "lstsq": linalg_lstsq, "lu": linalg_lu, "lu_factor": linalg_lu_factor, "lu_factor_ex": linalg_lu_factor_ex, "lu_solve": linalg_lu_solve, "matrix_norm": linalg_matrix_norm, "matrix_power": linalg_matrix_power, "matrix_rank": linalg_matrix_rank, "multi_dot": linalg_multi_dot, "norm": linalg_norm, "pinv": linalg_pinv, "qr": linalg_qr, "slogdet": linalg_slogdet, "solve": linalg_solve, "solve_triangular": linalg_solve_triangular, "svd": linalg_svd, "svdvals": linalg_svdvals, "tensorinv": linalg_tensorinv, "tensorsolve": linalg_tensorsolve, "vander": linalg_vander, "vecdot": linalg_vecdot, "vector_norm": linalg_vector_norm, "matmul": matmul, "vander": vander, "diagonal": diagonal},
    "special": {"bessel_j0": special_bessel_j0, "bessel_j1": special_bessel_j1, "bessel_y0": special_bessel_y0, "bessel_y1": special_bessel_y1, "entr": special_entr, "erfcx": special_erfcx, "i0e": special_i0e, "i1": special_i1, "i1e": special_i1e, "log_ndtr": special_log_ndtr, "modified_bessel_i0": special_modified_bessel_i0, "modified_bessel_i1": special_modified_bessel_i1, "modified_bessel_k0": special_modified_bessel_k0, "modified_bessel_k1": special_modified_bessel_k1, "ndtr": special_ndtr, "ndtri": special_ndtri, "scaled_modified_bessel_k0": special_scaled_modified_bessel_k0, "scaled_modified_bessel_k1": special_scaled_modified_bessel_k1, "spherical_bessel_j0": special_spherical_bessel_j0, "xlog1py": special_xlog1py, "zeta": special_zeta, "expit": sigmoid, "psi": digamma, "digamma": digamma, "gammaln": lgamma, "multigammaln": mvlgamma, "gammainc": igamma, "gammaincc": igammac, "erf": erf, "erfc": erfc, "erfinv": erfinv, "exp2": exp2, "expm1": expm1, "log1p": log1p, "logit": logit, "i0": i0, "sinc": sinc, "round": round, "logsumexp": logsumexp, "xlogy": xlogy, "polygamma": polygamma, "softmax": softmax, "log_softmax": log_softmax},
    "fft": {},
}

#: All ops by their name on the wire.
OPS = {op.name: op for op in list(globals().values()) if isinstance(op, Op)}
