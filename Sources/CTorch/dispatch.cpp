// Operators by name through c10's dispatcher: about a hundred lines reach every ATen operator.
#include "support.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <sstream>

using namespace preceptor;

namespace {

c10::OperatorHandle *handle(CTOperator op) { return reinterpret_cast<c10::OperatorHandle *>(op); }

c10::IValue list_value(const CTArgument &argument, const CTPools &pools) {
    const auto start = argument.integer;
    const auto end = start + argument.count;
    switch (argument.kind) {
    case CT_INTS: {
        c10::List<int64_t> list;
        for (auto i = start; i < end; i++) list.push_back(pools.integers[i]);
        return list;
    }
    case CT_DOUBLES: {
        c10::List<double> list;
        for (auto i = start; i < end; i++) list.push_back(pools.numbers[i]);
        return list;
    }
    case CT_TENSORS: {
        c10::List<at::Tensor> list;
        for (auto i = start; i < end; i++) list.push_back(borrow(pools.tensors[i]));
        return list;
    }
    default: {
        c10::List<std::optional<at::Tensor>> list;
        for (auto i = start; i < end; i++) {
            list.push_back(pools.tensors[i] ? std::optional(borrow(pools.tensors[i])) : std::nullopt);
        }
        return list;
    }
    }
}

c10::IValue value_of(const CTArgument &argument, const CTPools &pools, const c10::Argument &schema) {
    switch (argument.kind) {
    case CT_NONE: return {};
    case CT_DEFAULT:
        TORCH_CHECK(schema.default_value().has_value(), "argument '", schema.name(), "' has no default");
        return *schema.default_value();
    case CT_TENSOR: return borrow(static_cast<CTTensor>(const_cast<void *>(argument.pointer)));
    case CT_INT: return argument.integer;
    case CT_DOUBLE: return argument.number;
    case CT_BOOL: return argument.integer != 0;
    case CT_STRING: return std::string(static_cast<const char *>(argument.pointer));
    case CT_DEVICE:
        return c10::Device(static_cast<c10::DeviceType>(argument.integer),
                           static_cast<c10::DeviceIndex>(argument.count));
    case CT_GENERATOR: return *static_cast<const at::Generator *>(argument.pointer);
    default: return list_value(argument, pools);
    }
}

struct Results {
    CTTensor *slots;
    size_t capacity;
    size_t count = 0;

    void add(at::Tensor tensor) {
        TORCH_CHECK(count < capacity, "more than ", capacity, " results");
        slots[count++] = own(std::move(tensor));
    }
    void add(const c10::IValue &value) {
        if (value.isTensor()) {
            add(value.toTensor());
        } else if (value.isTensorList()) {
            for (const at::Tensor &tensor : value.toTensorList()) add(tensor);
        } else if (value.isInt()) {
            add(at::scalar_tensor(value.toInt(), at::kLong));
        } else if (value.isDouble()) {
            add(at::scalar_tensor(value.toDouble(), at::kDouble));
        } else if (value.isBool()) {
            add(at::scalar_tensor(value.toBool(), at::kBool));
        } else {
            TORCH_CHECK(false, "a result of type ", value.tagKind());
        }
    }
};

}  // namespace

CTOperator ct_operator_find(const char *name, const char *overload) {
    return guarded<CTOperator>(nullptr, [&] {
        auto found = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
        return reinterpret_cast<CTOperator>(new c10::OperatorHandle(found));
    });
}

const char *ct_operator_schema(CTOperator op) {
    thread_local std::string text;
    std::ostringstream stream;
    stream << handle(op)->schema();
    text = stream.str();
    return text.c_str();
}

int64_t ct_operator_call(CTOperator op, const CTArgument *arguments, size_t count, CTPools pools,
                         CTTensor *results, size_t capacity) {
    return guarded<int64_t>(-1, [&] {
        const auto &schema = handle(op)->schema().arguments();
        TORCH_CHECK(count <= schema.size(), count, " arguments for ", schema.size());
        torch::jit::Stack stack;
        stack.reserve(schema.size());
        for (size_t i = 0; i < schema.size(); i++) {
            const CTArgument missing = {CT_DEFAULT, 0, 0, 0, nullptr};
            stack.push_back(value_of(i < count ? arguments[i] : missing, pools, schema[i]));
        }
        handle(op)->callBoxed(stack);
        Results out{results, capacity};
        for (const auto &value : stack) out.add(value);
        return static_cast<int64_t>(out.count);
    });
}
