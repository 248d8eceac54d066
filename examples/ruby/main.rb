# frozen_string_literal: true

# The service from Ruby, with nothing but the generated stubs: a Jacobian product by unary calls, then training steps pipelined over Execute.
require "autograd/v1/autograd_services_pb"
require "autograd/v1/session_services_pb"

include Autograd::V1

# A session on the server, and the calls that this example makes in it.
class Example
  def initialize(address)
    @sessions = SessionService::Stub.new(address, :this_channel_is_insecure)
    @calls = AutogradService::Stub.new(address, :this_channel_is_insecure)
    @id = @sessions.create_session(CreateSessionRequest.new).session.session_id
    @last_handle = 0
  end

  def close
    @sessions.delete_session(DeleteSessionRequest.new(session_id: @id))
  end

  # The tutorial: what backward multiplies with the Jacobian, how gradients add up, and how they are zeroed.
  def jacobian_products
    input = apply(op("eye", attributes: { "n" => 4, "m" => 5 }, requires_grad: true))
    moved = apply(op("add", input, integer_scalar: 1))
    squared = apply(op("pow", moved, integer_scalar: 2))
    output = apply(op("t", squared))
    ones = apply(op("ones_like", output))
    backward(output, ones, retain_graph: true)
    print_grad("first call", input)
    backward(output, ones, retain_graph: true)
    print_grad("second call", input)
    @calls.zero_grads(ZeroGradsRequest.new(session_id: @id, zero_grads: ZeroGrads.new(tensors: [input], fill_with_zeros: true)))
    backward(output, ones)
    print_grad("after zeroing", input)
  end

  # Five steps of gradient descent, sent without waiting for any answer.
  def training(steps = 5)
    x = create([1, 2, 3, 4], [2, 2])
    target = create([5, 11], [2, 1])
    w = create([0, 0], [2, 1], requires_grad: true)
    seq = 0
    frames = Array.new(steps) do |step|
      y, loss, grad = Array.new(3) { next_handle }
      commands = [
        { apply_op: op("matmul", x, w, out: y) },
        { apply_op: op("mse_loss", y, target, out: loss) },
        { backward: Backward.new(roots: [loss]) },
        { alias_grad: AliasGrad.new(tensor: w, out: grad) },
        { apply_op: op("sub", w, grad, out: 0, in_place: true, attributes: { "alpha" => 0.05 }), no_grad: true },
        { zero_grads: ZeroGrads.new(tensors: [w]) },
        { read_tensor: ReadTensor.new(tensor: loss), want_result: true },
        { release_tensors: ReleaseTensors.new(handles: [y, loss, grad]) },
      ]
      commands << { read_tensor: ReadTensor.new(tensor: w), want_result: true } if step == steps - 1
      # The first frame names the session.
      ExecuteRequest.new(session_id: step.zero? ? @id : "", commands: commands.map { |command| Command.new(seq: seq += 1, **command) })
    end
    values = @calls.execute(frames).flat_map do |response|
      response.results.map do |result|
        raise "command #{result.seq}: #{result.error.message}" if result.error

        elements(result.tensor)
      end
    end
    *losses, weights = values
    losses.each_with_index { |(loss), step| puts format("step %d: loss %.4f", step + 1, loss) }
    puts format("w: %.4f %.4f", *weights)
  end

  private

  # Handles are the client's choice: count up from 1.
  def next_handle
    @last_handle += 1
  end

  def op(name, a = 0, b = 0, out: next_handle, in_place: false, attributes: {}, requires_grad: false, **scalar)
    call = ApplyOp.new(op: name, a: a, b: b, out: out, in_place: in_place, **scalar)
    return call if attributes.empty? && !requires_grad

    values = attributes.map { |key, value| OpAttribute.new(name: key, value: AttributeValue.new(value.is_a?(Integer) ? { int_value: value } : { float_value: value })) }
    call.extra = ApplyOpExtra.new(attributes: values, requires_grad: requires_grad)
    call
  end

  def apply(call)
    @calls.apply_op(ApplyOpRequest.new(session_id: @id, apply_op: call))
    call.out
  end

  def create(values, shape, requires_grad: false)
    data = TensorData.new(dtype: :DATA_TYPE_FLOAT32, shape: shape, data: values.pack("e*"))
    tensor = CreateTensor.new(out: next_handle, requires_grad: requires_grad, data: data)
    @calls.create_tensor(CreateTensorRequest.new(session_id: @id, create_tensor: tensor))
    tensor.out
  end

  def backward(root, gradient, retain_graph: false)
    @calls.backward(BackwardRequest.new(session_id: @id, backward: Backward.new(roots: [root], grad_outputs: [gradient], retain_graph: retain_graph)))
  end

  def elements(data)
    data.data.unpack("e*")
  end

  def print_grad(title, tensor)
    grad = @calls.get_grad(GetGradRequest.new(session_id: @id, tensor: tensor)).grad.grad
    puts title
    elements(grad).each_slice(grad.shape[1]) { |row| puts row.map { |value| format("%g", value) }.join(" ") }
  end
end

example = Example.new(ARGV.fetch(0, "localhost:50051"))
begin
  example.jacobian_products
  example.training
ensure
  example.close
end
