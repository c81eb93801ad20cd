/// Every operator the program calls, resolved once; a test prints their schemas.
package enum Operators {
    package static let everything: [Operator] =
        creation + elementwise + reductions + products + shaping + selection + networks + kernels

    // Creation
    static let zeros = Operator("aten::zeros")
    static let ones = Operator("aten::ones")
    static let full = Operator("aten::full")
    static let arange = Operator("aten::arange.start_step")
    static let empty = Operator("aten::empty.memory_format")
    static let randn = Operator("aten::randn.generator")
    static let rand = Operator("aten::rand.generator")
    static let randint = Operator("aten::randint.low_generator")
    static let bernoulli = Operator("aten::bernoulli.p")
    static let toCopy = Operator("aten::_to_copy")
    private static let creation = [
        zeros, ones, full, arange, empty, randn, rand, randint, bernoulli, toCopy,
    ]

    // Element-wise
    static let add = Operator("aten::add.Tensor")
    static let addScalar = Operator("aten::add.Scalar")
    static let addInPlace = Operator("aten::add_.Tensor")
    static let sub = Operator("aten::sub.Tensor")
    static let mul = Operator("aten::mul.Tensor")
    static let mulScalar = Operator("aten::mul.Scalar")
    static let mulInPlace = Operator("aten::mul_.Tensor")
    static let mulScalarInPlace = Operator("aten::mul_.Scalar")
    static let div = Operator("aten::div.Tensor")
    static let divScalar = Operator("aten::div.Scalar")
    static let addcmulInPlace = Operator("aten::addcmul_")
    static let addcdivInPlace = Operator("aten::addcdiv_")
    static let lerpInPlace = Operator("aten::lerp_.Scalar")
    static let neg = Operator("aten::neg")
    static let exp = Operator("aten::exp")
    static let log = Operator("aten::log")
    static let sqrt = Operator("aten::sqrt")
    static let rsqrt = Operator("aten::rsqrt")
    static let square = Operator("aten::square")
    static let abs = Operator("aten::abs")
    static let sin = Operator("aten::sin")
    static let cos = Operator("aten::cos")
    static let sigmoid = Operator("aten::sigmoid")
    static let silu = Operator("aten::silu")
    static let relu = Operator("aten::relu")
    static let expm1 = Operator("aten::expm1")
    static let logSigmoid = Operator("aten::log_sigmoid")
    static let clamp = Operator("aten::clamp")
    static let minimum = Operator("aten::minimum")
    static let maximum = Operator("aten::maximum")
    static let isFinite = Operator("aten::isfinite")
    static let equal = Operator("aten::eq.Tensor")
    static let equalScalar = Operator("aten::eq.Scalar")
    static let less = Operator("aten::lt.Tensor")
    static let lessScalar = Operator("aten::lt.Scalar")
    static let greaterEqual = Operator("aten::ge.Tensor")
    static let logicalNot = Operator("aten::logical_not")
    static let maskedFill = Operator("aten::masked_fill.Scalar")
    static let whereSelf = Operator("aten::where.self")
    static let copyInPlace = Operator("aten::copy_")
    static let zeroInPlace = Operator("aten::zero_")
    private static let elementwise = [
        add, addScalar, addInPlace, sub, mul, mulScalar, mulInPlace, mulScalarInPlace, div,
        divScalar, addcmulInPlace, addcdivInPlace, lerpInPlace, neg, exp, log, sqrt, rsqrt,
        square, abs, sin, cos, sigmoid, silu, relu, expm1, logSigmoid, clamp, minimum, maximum,
        isFinite, equal, equalScalar, less, lessScalar, greaterEqual, logicalNot, maskedFill,
        whereSelf, copyInPlace, zeroInPlace,
    ]

    // Reductions
    static let sum = Operator("aten::sum")
    static let sumDim = Operator("aten::sum.dim_IntList")
    static let mean = Operator("aten::mean")
    static let meanDim = Operator("aten::mean.dim")
    static let amax = Operator("aten::amax")
    static let argmax = Operator("aten::argmax")
    static let logsumexp = Operator("aten::logsumexp")
    static let norm = Operator("aten::linalg_vector_norm")
    static let cumsum = Operator("aten::cumsum")
    static let allTrue = Operator("aten::all")
    private static let reductions = [
        sum, sumDim, mean, meanDim, amax, argmax, logsumexp, norm, cumsum, allTrue,
    ]

    // Products
    static let matmul = Operator("aten::matmul")
    static let linear = Operator("aten::linear")
    static let addmmInPlace = Operator("aten::addmm_")
    private static let products = [matmul, linear, addmmInPlace]

    // Shape
    static let view = Operator("aten::view")
    static let reshape = Operator("aten::reshape")
    static let transpose = Operator("aten::transpose.int")
    static let permute = Operator("aten::permute")
    static let expand = Operator("aten::expand")
    static let repeatInterleave = Operator("aten::repeat_interleave.self_int")
    static let unsqueeze = Operator("aten::unsqueeze")
    static let squeeze = Operator("aten::squeeze.dim")
    static let contiguous = Operator("aten::contiguous")
    static let cat = Operator("aten::cat")
    static let stack = Operator("aten::stack")
    static let split = Operator("aten::split_with_sizes")
    static let detach = Operator("aten::detach")
    private static let shaping = [
        view, reshape, transpose, permute, expand, repeatInterleave, unsqueeze, squeeze,
        contiguous, cat, stack, split, detach,
    ]

    // Selection
    static let slice = Operator("aten::slice.Tensor")
    static let select = Operator("aten::select.int")
    static let indexSelect = Operator("aten::index_select")
    static let gather = Operator("aten::gather")
    static let sort = Operator("aten::sort")
    static let topk = Operator("aten::topk")
    static let scatter = Operator("aten::scatter.src")
    static let indexAdd = Operator("aten::index_add")
    static let indexCopy = Operator("aten::index_copy")
    private static let selection = [
        slice, select, indexSelect, gather, sort, topk, scatter, indexAdd, indexCopy,
    ]

    // Networks
    static let embedding = Operator("aten::embedding")
    static let softmax = Operator("aten::softmax.int")
    static let logSoftmax = Operator("aten::log_softmax.int")
    static let layerNorm = Operator("aten::layer_norm")
    static let gelu = Operator("aten::gelu")
    static let bicubic = Operator("aten::upsample_bicubic2d")
    static let smoothBicubic = Operator("aten::_upsample_bicubic2d_aa")
    private static let networks = [
        embedding, softmax, logSoftmax, layerNorm, gelu, bicubic,
        smoothBicubic,
    ]
}

extension Operators {
    // Kernels of this project, registered by CTorch.
    static let swiglu = Operator("preceptor::swiglu")
    static let rotary = Operator("preceptor::rotary")
    static let rmsNorm = Operator("preceptor::rms_norm")
    static let loraLinear = Operator("preceptor::lora_linear")
    static let trainedLinear = Operator("preceptor::trained_linear")
    static let fullAttention = Operator("preceptor::full_attention")
    static let packedAttention = Operator("preceptor::attention")
    static let cachedAttention = Operator("preceptor::attention_cached")
    static let tokenScores = Operator("preceptor::token_scores")
    static let logProbability = Operator("preceptor::log_probability")
    static let projection = Operator("preceptor::linear")
    static let panelsFit = Operator("preceptor::panels_fit")
    static let panelsPack = Operator("preceptor::panels_pack")
    static let panelsUnpack = Operator("preceptor::panels_unpack")
    static let panelsRows = Operator("preceptor::panels_rows")
    static let loraPack = Operator("preceptor::lora_pack")
    static let loraLinearPacked = Operator("preceptor::lora_linear_packed")
    static let kernels = [
        swiglu, rotary, rmsNorm, projection, trainedLinear, loraLinear, loraPack, loraLinearPacked,
        fullAttention, packedAttention, cachedAttention, tokenScores, logProbability,
        panelsFit, panelsPack, panelsUnpack, panelsRows,
    ]
}
