using System.Reflection;
using Sample = AutogradService.Engine.Sample;
using Sampler = AutogradService.Engine.Sampler;
using OpSchema = AutogradService.Engine.OpSchema;
using OpTable = AutogradService.Engine.OpTable;
using Scalar = AutogradService.Engine.Scalar;
using Workspace = AutogradService.Engine.Workspace;

namespace AutogradService.Client.Tests;

/// <summary>Every op of the table, every sample: through client and server it is what the engine gives, bit for bit, gradients included.</summary>
public sealed class WireParityTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    public static TheoryData<string> All => [.. OpTable.Entries.Where(e => !e.Schema.Hidden).Select(e => e.Schema.Name)];

    [Theory, MemberData(nameof(All))]
    public async Task Pipelined(string op)
    {
        await CompareAsync(op, CallMode.Pipelined, Engine.DType.Float32);
        await CompareAsync(op, CallMode.Pipelined, Engine.DType.Float64);
        await CompareAsync(op, CallMode.Pipelined, Engine.DType.Int64);
    }

    [Theory, MemberData(nameof(All))]
    public Task Batched(string op) => CompareAsync(op, CallMode.Batched, Engine.DType.Float32);

    [Theory, MemberData(nameof(All))]
    public Task Unary(string op) => CompareAsync(op, CallMode.Unary, Engine.DType.Float32);

    private async Task CompareAsync(string name, CallMode mode, Engine.DType dtype)
    {
        var entry = OpTable.Get(name);
        using var origin = new Workspace();
        await using var session = await server.ConnectAsync(new SessionOptions { Mode = mode });
        foreach (var sample in entry.Samples(new Sampler(origin, dtype)))
        {
            using var workspace = new Workspace();
            workspace.Random.ManualSeed(7);
            session.ManualSeed(7);
            var call = new Call(sample, workspace, session);
            Engine.Tensor[] expected;
            try
            {
                expected = workspace.ApplyMany(sample.Op, call.Local);
            }
            catch (Engine.AutogradException refusal)
            {
                var e = await Assert.ThrowsAnyAsync<AutogradException>(call.RunAsync);
                Assert.Equal(refusal.Reason.ToString(), e.Reason.ToString());
                Assert.Equal(refusal.Message, e.ServerMessage);
                continue;
            }
            var actual = await call.RunAsync();
            Assert.Equal(expected.Length, actual.Length);
            // What is not written is not defined.
            bool defined = !name.Contains("empty", StringComparison.Ordinal);
            for (int i = 0; i < expected.Length; i++) await SameAsync(expected[i], actual[i], $"{sample.Op}, output {i}", defined);
            if (defined) await CompareGradientsAsync(sample, workspace, session, call, expected, actual);
        }
    }

    private static async Task CompareGradientsAsync(Sample sample, Workspace workspace, AutogradSession session, Call call, Engine.Tensor[] expected, Tensor[] actual)
    {
        var differentiable = Enumerable.Range(0, expected.Length).Where(i => expected[i].RequiresGrad).ToArray();
        if (differentiable.Length == 0 || call.LocalLeaves.Count == 0) return;
        var outputs = Array.ConvertAll(differentiable, i => expected[i]);
        var cotangents = Array.ConvertAll(outputs, o => (Engine.Tensor?)workspace.FromBytes(Bytes(o), o.Shape, o.DType));
        var sent = Array.ConvertAll(cotangents, c => (Tensor?)Call.Send(session, c!, false));
        var remote = Array.ConvertAll(differentiable, i => actual[i]);
        Engine.Tensor?[] gradients;
        try
        {
            gradients = workspace.Gradients(outputs, [.. call.LocalLeaves], cotangents, allowUnused: true);
        }
        catch (Engine.AutogradException refusal)
        {
            var e = await Assert.ThrowsAnyAsync<AutogradException>(() => session.GradAsync(remote, call.Leaves, sent));
            Assert.Equal(refusal.Message, e.ServerMessage);
            return;
        }
        var received = await session.GradAsync(remote, call.Leaves, sent);
        for (int i = 0; i < gradients.Length; i++)
        {
            Assert.Equal(gradients[i] is null, received[i] is null);
            if (gradients[i] is { } g) await SameAsync(g, received[i]!, $"{sample.Op}, gradient {i}", true);
        }
    }

    private static async Task SameAsync(Engine.Tensor expected, Tensor actual, string what, bool values)
    {
        var (dtype, shape, bytes) = await actual.ToBytesAsync();
        Assert.Equal(expected.DType.ToString(), dtype.ToString());
        Assert.Equal(expected.Shape.Sizes.ToArray(), shape);
        if (values) Assert.True(Bytes(expected).AsSpan().SequenceEqual(bytes.Span), what);
    }

    private static byte[] Bytes(Engine.Tensor t)
    {
        var bytes = new byte[t.ByteLength];
        t.CopyTo(bytes);
        return bytes;
    }

    /// <summary>A sample's inputs, here and on the server, and the call by name.</summary>
    private sealed class Call
    {
        private readonly Sample _sample;
        private readonly AutogradSession _session;
        private readonly List<Operand> _operands = [];

        public Call(Sample sample, Workspace workspace, AutogradSession session)
        {
            _sample = sample;
            _session = session;
            var schema = sample.Op.Schema;
            Local = new Engine.Tensor?[sample.Inputs.Length];
            var flat = new List<Operand>();
            for (int i = 0; i < Local.Length; i++)
            {
                if (sample.Inputs[i] is not { } input)
                {
                    flat.Add(Operand.None);
                    continue;
                }
                if (input.IsWrappedNumber)
                {
                    Local[i] = workspace.WrappedNumber(NumberOf(input));
                    flat.Add(NumberFor(input));
                    continue;
                }
                bool requiresGrad = (input.DType is Engine.DType.Float16 or Engine.DType.BFloat16 or Engine.DType.Float32 or Engine.DType.Float64) && sample.Op.Differentiable && schema.Differentiates(i, Local.Length);
                var local = workspace.FromBytes(Bytes(input), input.Shape, input.DType);
                Local[i] = requiresGrad ? local.SetRequiresGrad() : local;
                var remote = Send(session, input, requiresGrad);
                flat.Add(remote);
                if (!requiresGrad) continue;
                LocalLeaves.Add(local);
                Leaves.Add(remote);
            }
            Group(schema, flat);
        }

        public Engine.Tensor?[] Local { get; }

        public List<Engine.Tensor> LocalLeaves { get; } = [];

        public List<Tensor> Leaves { get; } = [];

        public static Tensor Send(AutogradSession session, Engine.Tensor t, bool requiresGrad) =>
            session.FromBytes(Bytes(t), Dims.Create(t.Shape.Sizes), Enum.Parse<DType>(t.DType.ToString()), requiresGrad);

        public Task<Tensor[]> RunAsync() => _session.ApplyAsync(_sample.Op.Schema.Name, _operands.ToArray(), Attributes());

        private void Group(OpSchema schema, List<Operand> flat)
        {
            int list = flat.Count - (schema.Inputs.Length - 1), next = 0;
            for (int i = 0; i < schema.Inputs.Length; i++)
            {
                if (i != schema.ListIndex)
                {
                    _operands.Add(next < flat.Count ? flat[next] : Operand.None);
                    next++;
                    continue;
                }
                _operands.Add(Operand.List([.. flat.Skip(next).Take(list).Select(TensorOf)]));
                next += list;
            }
        }

        private Tensor? TensorOf(Operand operand) => operand.Tensor;

        private Dictionary<string, OpArgument> Attributes()
        {
            var attributes = new Dictionary<string, OpArgument>();
            foreach (var attribute in _sample.Op.Schema.Attributes)
            {
                var property = _sample.Op.GetType().GetProperty(attribute.Name.Replace("_", "", StringComparison.Ordinal), BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase)!;
                object? value = property.GetValue(_sample.Op);
                // None where the schema says something else must be said; the rest is left to the schema.
                if (value is null && attribute.Default is null) continue;
                attributes[attribute.Name] = value switch
                {
                    null => OpArgument.None,
                    long i => i,
                    double d => d,
                    bool b => b,
                    string s => s,
                    Engine.DType dtype => Enum.Parse<DType>(dtype.ToString()),
                    Engine.Dims dims => Dims.Create(dims.Values),
                    Scalar { IsFloat: true } scalar => scalar.Real,
                    Scalar { DType: Engine.DType.Bool } scalar => scalar.Integer != 0,
                    Scalar scalar => scalar.Integer,
                    _ => throw new NotSupportedException(value.GetType().Name),
                };
            }
            return attributes;
        }

        private static Scalar NumberOf(Engine.Tensor number) => number.DType switch
        {
            Engine.DType.Bool => number.ToDoubles()[0] != 0,
            Engine.DType.Int64 => (long)number.ToDoubles()[0],
            _ => number.ToDoubles()[0],
        };

        private static Operand NumberFor(Engine.Tensor number) => number.DType switch
        {
            Engine.DType.Bool => number.ToDoubles()[0] != 0,
            Engine.DType.Int64 => (long)number.ToDoubles()[0],
            _ => number.ToDoubles()[0],
        };
    }
}
