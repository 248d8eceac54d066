// The service from C++, with nothing but the generated stubs: a Jacobian product by unary calls, then training steps pipelined over Execute.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "autograd/v1/autograd.grpc.pb.h"
#include "autograd/v1/session.grpc.pb.h"

namespace ag = autograd::v1;

namespace {

// Handles are the client's choice: count up from 1.
std::uint64_t last_handle = 0;
std::uint64_t next_handle() { return ++last_handle; }

void check(const grpc::Status& status, const char* call) {
  if (!status.ok()) throw std::runtime_error(std::string(call) + ": " + status.error_message());
}

ag::TensorData tensor_data(const std::vector<float>& values, std::initializer_list<std::int64_t> shape) {
  ag::TensorData data;
  data.set_dtype(ag::DATA_TYPE_FLOAT32);
  for (auto size : shape) data.add_shape(size);
  data.set_data(values.data(), values.size() * sizeof(float));  // little-endian, row-major
  return data;
}

std::vector<float> elements(const ag::TensorData& data) {
  std::vector<float> values(data.data().size() / sizeof(float));
  std::memcpy(values.data(), data.data().data(), data.data().size());
  return values;
}

class Example {
 public:
  explicit Example(const std::string& address) {
    auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
    sessions_ = ag::SessionService::NewStub(channel);
    calls_ = ag::AutogradService::NewStub(channel);
    grpc::ClientContext context;
    ag::CreateSessionResponse response;
    check(sessions_->CreateSession(&context, {}, &response), "CreateSession");
    session_ = response.session().session_id();
  }

  ~Example() {
    grpc::ClientContext context;
    ag::DeleteSessionRequest request;
    request.set_session_id(session_);
    ag::DeleteSessionResponse response;
    sessions_->DeleteSession(&context, request, &response);
  }

  // The tutorial: what backward multiplies with the Jacobian, how gradients add up, and how they are zeroed.
  void jacobian_products() {
    auto size = next_handle();
    {
      auto call = apply("eye", size);
      add_int(call, "n", 4);
      add_int(call, "m", 5);
      call.mutable_extra()->set_requires_grad(true);
      run(call);
    }
    auto input = size, moved = next_handle(), squared = next_handle(), output = next_handle(), ones = next_handle();
    {
      auto call = apply("add", moved, input);
      call.set_integer_scalar(1);
      run(call);
    }
    {
      auto call = apply("pow", squared, moved);
      call.set_integer_scalar(2);
      run(call);
    }
    run(apply("t", output, squared));
    run(apply("ones_like", ones, output));
    backward(output, ones, true);
    print_grad("first call", input);
    backward(output, ones, true);
    print_grad("second call", input);
    zero_grads(input);
    backward(output, ones, false);
    print_grad("after zeroing", input);
  }

  // Five steps of gradient descent, sent without waiting for any answer.
  void training() {
    auto x = next_handle(), target = next_handle(), w = next_handle();
    create(x, {1, 2, 3, 4}, {2, 2}, false);
    create(target, {5, 11}, {2, 1}, false);
    create(w, {0, 0}, {2, 1}, true);

    grpc::ClientContext context;
    auto stream = calls_->Execute(&context);
    std::uint64_t seq = 0;
    constexpr int steps = 5;
    for (int step = 0; step < steps; step++) {
      ag::ExecuteRequest frame;
      if (step == 0) frame.set_session_id(session_);  // the first frame names the session
      auto command = [&] {
        auto* added = frame.add_commands();
        added->set_seq(++seq);
        return added;
      };
      auto y = next_handle(), loss = next_handle(), grad = next_handle();
      *command()->mutable_apply_op() = apply("matmul", y, x, w);
      *command()->mutable_apply_op() = apply("mse_loss", loss, y, target);
      command()->mutable_backward()->add_roots(loss);
      auto* alias = command()->mutable_alias_grad();
      alias->set_tensor(w);
      alias->set_out(grad);
      auto* update = command();
      update->set_no_grad(true);
      auto in_place = apply("sub", 0, w, grad);
      in_place.set_in_place(true);
      add_float(in_place, "alpha", 0.05);
      *update->mutable_apply_op() = in_place;
      command()->mutable_zero_grads()->add_tensors(w);
      auto* read = command();
      read->set_want_result(true);
      read->mutable_read_tensor()->set_tensor(loss);
      auto* release = command()->mutable_release_tensors();
      for (auto handle : {y, loss, grad}) release->add_handles(handle);
      if (step == steps - 1) {
        auto* last = command();
        last->set_want_result(true);
        last->mutable_read_tensor()->set_tensor(w);
      }
      if (!stream->Write(frame)) break;  // Finish tells why
    }
    stream->WritesDone();
    int step = 0;
    ag::ExecuteResponse response;
    while (stream->Read(&response)) {
      for (const auto& result : response.results()) {
        if (result.has_error()) throw std::runtime_error("command " + std::to_string(result.seq()) + ": " + result.error().message());
        auto values = elements(result.tensor());
        if (step < steps) std::printf("step %d: loss %.4f\n", ++step, values.at(0));
        else std::printf("w: %.4f %.4f\n", values.at(0), values.at(1));
      }
    }
    check(stream->Finish(), "Execute");
  }

 private:
  static ag::ApplyOp apply(const std::string& op, std::uint64_t out, std::uint64_t a = 0, std::uint64_t b = 0) {
    ag::ApplyOp call;
    call.set_op(op);
    call.set_out(out);
    call.set_a(a);
    call.set_b(b);
    return call;
  }

  static void add_int(ag::ApplyOp& call, const std::string& name, std::int64_t value) {
    auto* attribute = call.mutable_extra()->add_attributes();
    attribute->set_name(name);
    attribute->mutable_value()->set_int_value(value);
  }

  static void add_float(ag::ApplyOp& call, const std::string& name, double value) {
    auto* attribute = call.mutable_extra()->add_attributes();
    attribute->set_name(name);
    attribute->mutable_value()->set_float_value(value);
  }

  void run(const ag::ApplyOp& call) {
    grpc::ClientContext context;
    ag::ApplyOpRequest request;
    request.set_session_id(session_);
    *request.mutable_apply_op() = call;
    ag::ApplyOpResponse response;
    check(calls_->ApplyOp(&context, request, &response), "ApplyOp");
  }

  void create(std::uint64_t handle, const std::vector<float>& values, std::initializer_list<std::int64_t> shape, bool requires_grad) {
    grpc::ClientContext context;
    ag::CreateTensorRequest request;
    request.set_session_id(session_);
    auto* tensor = request.mutable_create_tensor();
    tensor->set_out(handle);
    tensor->set_requires_grad(requires_grad);
    *tensor->mutable_data() = tensor_data(values, shape);
    ag::CreateTensorResponse response;
    check(calls_->CreateTensor(&context, request, &response), "CreateTensor");
  }

  void backward(std::uint64_t root, std::uint64_t gradient, bool retain_graph) {
    grpc::ClientContext context;
    ag::BackwardRequest request;
    request.set_session_id(session_);
    request.mutable_backward()->add_roots(root);
    request.mutable_backward()->add_grad_outputs(gradient);
    request.mutable_backward()->set_retain_graph(retain_graph);
    ag::BackwardResponse response;
    check(calls_->Backward(&context, request, &response), "Backward");
  }

  void zero_grads(std::uint64_t tensor) {
    grpc::ClientContext context;
    ag::ZeroGradsRequest request;
    request.set_session_id(session_);
    request.mutable_zero_grads()->add_tensors(tensor);
    request.mutable_zero_grads()->set_fill_with_zeros(true);
    ag::ZeroGradsResponse response;
    check(calls_->ZeroGrads(&context, request, &response), "ZeroGrads");
  }

  void print_grad(const char* title, std::uint64_t tensor) {
    grpc::ClientContext context;
    ag::GetGradRequest request;
    request.set_session_id(session_);
    request.set_tensor(tensor);
    ag::GetGradResponse response;
    check(calls_->GetGrad(&context, request, &response), "GetGrad");
    const auto& grad = response.grad().grad();
    auto values = elements(grad);
    std::printf("%s\n", title);
    for (std::int64_t row = 0; row < grad.shape(0); row++)
      for (std::int64_t column = 0; column < grad.shape(1); column++)
        std::printf("%g%s", values.at(row * grad.shape(1) + column), column + 1 < grad.shape(1) ? " " : "\n");
  }

  std::unique_ptr<ag::SessionService::Stub> sessions_;
  std::unique_ptr<ag::AutogradService::Stub> calls_;
  std::string session_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    Example example(argc > 1 ? argv[1] : "localhost:50051");
    example.jacobian_products();
    example.training();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
