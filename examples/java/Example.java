import autograd.v1.Autograd.ApplyOpRequest;
import autograd.v1.Autograd.BackwardRequest;
import autograd.v1.Autograd.CreateTensorRequest;
import autograd.v1.Autograd.ExecuteRequest;
import autograd.v1.Autograd.ExecuteResponse;
import autograd.v1.Autograd.GetGradRequest;
import autograd.v1.Autograd.ZeroGradsRequest;
import autograd.v1.AutogradServiceGrpc;
import autograd.v1.CommandOuterClass.AliasGrad;
import autograd.v1.CommandOuterClass.ApplyOp;
import autograd.v1.CommandOuterClass.ApplyOpExtra;
import autograd.v1.CommandOuterClass.AttributeValue;
import autograd.v1.CommandOuterClass.Backward;
import autograd.v1.CommandOuterClass.Command;
import autograd.v1.CommandOuterClass.CommandResult;
import autograd.v1.CommandOuterClass.CreateTensor;
import autograd.v1.CommandOuterClass.OpAttribute;
import autograd.v1.CommandOuterClass.ReadTensor;
import autograd.v1.CommandOuterClass.ReleaseTensors;
import autograd.v1.CommandOuterClass.ZeroGrads;
import autograd.v1.SessionOuterClass.CreateSessionRequest;
import autograd.v1.SessionOuterClass.DeleteSessionRequest;
import autograd.v1.SessionServiceGrpc;
import autograd.v1.Tensor.DataType;
import autograd.v1.Tensor.TensorData;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The service from Java, with nothing but the generated stubs: a Jacobian product by unary calls, then training steps pipelined over Execute. */
public final class Example implements AutoCloseable {
    private static final int STEPS = 5;

    private final ManagedChannel channel;
    private final SessionServiceGrpc.SessionServiceBlockingStub sessions;
    private final AutogradServiceGrpc.AutogradServiceBlockingStub calls;
    private final String id;
    private long lastHandle;
    private long lastSeq;

    private Example(String address) {
        channel = ManagedChannelBuilder.forTarget(address).usePlaintext().build();
        sessions = SessionServiceGrpc.newBlockingStub(channel);
        calls = AutogradServiceGrpc.newBlockingStub(channel);
        id = sessions.createSession(CreateSessionRequest.getDefaultInstance()).getSession().getSessionId();
    }

    public static void main(String[] args) throws Exception {
        try (Example example = new Example(args.length > 0 ? args[0] : "localhost:50051")) {
            example.jacobianProducts();
            example.training();
        }
    }

    @Override
    public void close() {
        sessions.deleteSession(DeleteSessionRequest.newBuilder().setSessionId(id).build());
        channel.shutdownNow();
    }

    /** The tutorial: what backward multiplies with the Jacobian, how gradients add up, and how they are zeroed. */
    private void jacobianProducts() {
        long input = nextHandle();
        apply(op("eye", input, 0, 0).setExtra(ApplyOpExtra.newBuilder().addAttributes(integer("n", 4)).addAttributes(integer("m", 5)).setRequiresGrad(true)));
        long moved = nextHandle();
        apply(op("add", moved, input, 0).setIntegerScalar(1));
        long squared = nextHandle();
        apply(op("pow", squared, moved, 0).setIntegerScalar(2));
        long output = nextHandle();
        apply(op("t", output, squared, 0));
        long ones = nextHandle();
        apply(op("ones_like", ones, output, 0));
        backward(output, ones, true);
        printGrad("first call", input);
        backward(output, ones, true);
        printGrad("second call", input);
        ZeroGrads zero = ZeroGrads.newBuilder().addTensors(input).setFillWithZeros(true).build();
        calls.zeroGrads(ZeroGradsRequest.newBuilder().setSessionId(id).setZeroGrads(zero).build());
        backward(output, ones, false);
        printGrad("after zeroing", input);
    }

    /** Five steps of gradient descent, sent without waiting for any answer. */
    private void training() throws Exception {
        long x = create(new float[] {1, 2, 3, 4}, 2, 2, false);
        long target = create(new float[] {5, 11}, 2, 1, false);
        long w = create(new float[] {0, 0}, 2, 1, true);

        List<float[]> values = new ArrayList<>();
        CompletableFuture<Void> finished = new CompletableFuture<>();
        StreamObserver<ExecuteRequest> frames = AutogradServiceGrpc.newStub(channel).execute(new StreamObserver<>() {
            @Override
            public void onNext(ExecuteResponse response) {
                for (CommandResult result : response.getResultsList()) {
                    if (result.hasError()) {
                        finished.completeExceptionally(new IllegalStateException("command " + result.getSeq() + ": " + result.getError().getMessage()));
                    } else {
                        values.add(elements(result.getTensor()));
                    }
                }
            }

            @Override
            public void onError(Throwable cause) {
                finished.completeExceptionally(cause);
            }

            @Override
            public void onCompleted() {
                finished.complete(null);
            }
        });
        for (int step = 0; step < STEPS; step++) {
            long y = nextHandle();
            long loss = nextHandle();
            long grad = nextHandle();
            ApplyOp.Builder update = op("sub", 0, w, grad).setInPlace(true).setExtra(ApplyOpExtra.newBuilder().addAttributes(real("alpha", 0.05)));
            ExecuteRequest.Builder frame = ExecuteRequest.newBuilder()
                .addCommands(command().setApplyOp(op("matmul", y, x, w)))
                .addCommands(command().setApplyOp(op("mse_loss", loss, y, target)))
                .addCommands(command().setBackward(Backward.newBuilder().addRoots(loss)))
                .addCommands(command().setAliasGrad(AliasGrad.newBuilder().setTensor(w).setOut(grad)))
                .addCommands(command().setNoGrad(true).setApplyOp(update))
                .addCommands(command().setZeroGrads(ZeroGrads.newBuilder().addTensors(w)))
                .addCommands(command().setWantResult(true).setReadTensor(ReadTensor.newBuilder().setTensor(loss)))
                .addCommands(command().setReleaseTensors(ReleaseTensors.newBuilder().addAllHandles(List.of(y, loss, grad))));
            if (step == 0) {
                frame.setSessionId(id); // the first frame names the session
            }
            if (step == STEPS - 1) {
                frame.addCommands(command().setWantResult(true).setReadTensor(ReadTensor.newBuilder().setTensor(w)));
            }
            frames.onNext(frame.build());
        }
        frames.onCompleted();
        finished.get(60, TimeUnit.SECONDS);
        for (int step = 0; step < STEPS; step++) {
            System.out.printf(Locale.ROOT, "step %d: loss %.4f%n", step + 1, values.get(step)[0]);
        }
        System.out.printf(Locale.ROOT, "w: %.4f %.4f%n", values.get(STEPS)[0], values.get(STEPS)[1]);
    }

    // Handles are the client's choice: count up from 1.
    private long nextHandle() {
        return ++lastHandle;
    }

    private Command.Builder command() {
        return Command.newBuilder().setSeq(++lastSeq);
    }

    private static ApplyOp.Builder op(String name, long out, long a, long b) {
        return ApplyOp.newBuilder().setOp(name).setOut(out).setA(a).setB(b);
    }

    private static OpAttribute integer(String name, long value) {
        return OpAttribute.newBuilder().setName(name).setValue(AttributeValue.newBuilder().setIntValue(value)).build();
    }

    private static OpAttribute real(String name, double value) {
        return OpAttribute.newBuilder().setName(name).setValue(AttributeValue.newBuilder().setFloatValue(value)).build();
    }

    private void apply(ApplyOp.Builder call) {
        calls.applyOp(ApplyOpRequest.newBuilder().setSessionId(id).setApplyOp(call).build());
    }

    private long create(float[] values, long rows, long columns, boolean requiresGrad) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        TensorData data = TensorData.newBuilder().setDtype(DataType.DATA_TYPE_FLOAT32).addShape(rows).addShape(columns).setData(ByteString.copyFrom(bytes)).build();
        long handle = nextHandle();
        CreateTensor tensor = CreateTensor.newBuilder().setOut(handle).setRequiresGrad(requiresGrad).setData(data).build();
        calls.createTensor(CreateTensorRequest.newBuilder().setSessionId(id).setCreateTensor(tensor).build());
        return handle;
    }

    private void backward(long root, long gradient, boolean retainGraph) {
        Backward backward = Backward.newBuilder().addRoots(root).addGradOutputs(gradient).setRetainGraph(retainGraph).build();
        calls.backward(BackwardRequest.newBuilder().setSessionId(id).setBackward(backward).build());
    }

    private static float[] elements(TensorData data) {
        float[] values = new float[data.getData().size() / Float.BYTES];
        data.getData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    private void printGrad(String title, long tensor) {
        TensorData grad = calls.getGrad(GetGradRequest.newBuilder().setSessionId(id).setTensor(tensor).build()).getGrad().getGrad();
        float[] values = elements(grad);
        System.out.println(title);
        int columns = (int) grad.getShape(1);
        for (int row = 0; row < grad.getShape(0); row++) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                line.append(column > 0 ? " " : "").append(String.format(Locale.ROOT, "%.0f", values[row * columns + column]));
            }
            System.out.println(line);
        }
    }
}
