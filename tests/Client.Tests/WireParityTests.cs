using System.Reflection;
using AutogradService.Generate;
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

    /// <summary>The generated method gives what the call by name gives: operands, attributes and defaults are where they belong.</summary>
    [Theory, MemberData(nameof(All))]
    public async Task Method(string name)
    {
        var entry = OpTable.Get(name);
        if (entry.Schema.ListIndex >= 0) return; // spans cannot be passed by reflection
        var ops = OpTable.Entries.Select(e => e.Schema).Where(s => !s.Hidden).ToArray();
        using var origin = new Workspace();
        await using var session = await server.ConnectAsync();
        foreach (var sample in entry.Samples(new Sampler(origin, Engine.DType.Float32)))
        {
            using var workspace = new Workspace();
            var call = new Call(sample, workspace, session);
            Tensor[] expected;
            session.ManualSeed(7);
            try
            {
                expected = await call.RunAsync();
            }
            catch (AutogradException)
            {
                continue;
            }
            session.ManualSeed(7);
            var actual = await call.InvokeAsync(CSharpWriter.MethodName(entry.Schema, ops), CSharpWriter.OnTensor(entry.Schema));
            if (actual is null || name.Contains("empty", StringComparison.Ordinal)) continue;
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                var (_, shape, bytes) = await expected[i].ToBytesAsync();
                var got = await actual[i].ToBytesAsync();
                Assert.Equal(shape, got.Shape);
                Assert.True(bytes.Span.SequenceEqual(got.Bytes.Span), sample.Op.ToString());
            }
        }
    }

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

        /// <summary>Calls the client's own method; null if this sample cannot be written so (a number where a method's own tensor stands).</summary>
        public async Task<Tensor[]?> InvokeAsync(string name, bool onTensor)
        {
            var schema = _sample.Op.Schema;
            bool isList = schema.Outputs[0].IsList;
            if (onTensor && _operands[0].Tensor is null) return null;
            var attributes = Attributes();
            int operands = schema.Inputs.Length;
            var method = (onTensor ? typeof(Tensor) : typeof(AutogradSession)).GetMethods().Single(m => m.Name == name + (isList ? "Async" : "") && Fits(m));
            var arguments = Array.ConvertAll(method.GetParameters(), p => Argument(p));
            object? result = method.Invoke(onTensor ? _operands[0].Tensor : _session, arguments);
            return result switch
            {
                Tensor one => [one],
                Task<Tensor[]> many => await many,
                System.Runtime.CompilerServices.ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => (Tensor)tuple[i]!)],
                _ => throw new NotSupportedException(),
            };

            // The overload whose parameters are the schema's.
            bool Fits(MethodInfo m)
            {
                var parameters = schema.Parameters.Skip(onTensor ? 1 : 0).ToArray();
                var declared = m.GetParameters();
                return declared.Length == parameters.Length + 3 + (operands == 0 ? 1 : 0) + (isList ? 1 : 0)
                    && parameters.Zip(declared).All(p => Naming.Camel(p.First.Name).TrimStart('@') == p.Second.Name && (Nullable.GetUnderlyingType(p.Second.ParameterType) ?? p.Second.ParameterType) == TypeOf(p.First.Kind));
            }

            static Type TypeOf(Engine.ParameterKind kind) => kind switch
            {
                Engine.ParameterKind.Tensor => typeof(Tensor),
                Engine.ParameterKind.Operand => typeof(Operand),
                Engine.ParameterKind.Int => typeof(long),
                Engine.ParameterKind.Float => typeof(double),
                Engine.ParameterKind.Bool => typeof(bool),
                Engine.ParameterKind.String => typeof(string),
                Engine.ParameterKind.DType => typeof(DType),
                Engine.ParameterKind.Ints => typeof(Dims),
                Engine.ParameterKind.Scalar => typeof(Number),
                _ => throw new NotSupportedException(),
            };

            object? Argument(ParameterInfo p)
            {
                int input = Array.FindIndex(schema.Inputs, i => Naming.Camel(i.Name).TrimStart('@') == p.Name);
                if (input >= 0) return p.ParameterType == typeof(Operand) ? (object?)_operands[input] : _operands[input].Tensor;
                var attribute = Array.Find(schema.Attributes, a => Naming.Camel(a.Name).TrimStart('@') == p.Name);
                if (attribute is null) return p.DefaultValue is DBNull || p.DefaultValue is null && p.ParameterType.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null ? Activator.CreateInstance(p.ParameterType) : p.DefaultValue;
                if (!attributes.TryGetValue(attribute.Name, out var value)) return null;
                var wire = value.ToWire();
                object? plain = wire.ValueCase switch
                {
                    Autograd.V1.AttributeValue.ValueOneofCase.IntValue => wire.IntValue,
                    Autograd.V1.AttributeValue.ValueOneofCase.FloatValue => wire.FloatValue,
                    Autograd.V1.AttributeValue.ValueOneofCase.BoolValue => wire.BoolValue,
                    Autograd.V1.AttributeValue.ValueOneofCase.StringValue => wire.StringValue,
                    Autograd.V1.AttributeValue.ValueOneofCase.DtypeValue => (DType)wire.DtypeValue,
                    Autograd.V1.AttributeValue.ValueOneofCase.IntsValue => Dims.Create([.. wire.IntsValue.Values]),
                    _ => null,
                };
                if (p.ParameterType == typeof(Number) || p.ParameterType == typeof(Number?))
                    return plain switch { long i => (Number)i, double d => (Number)d, bool b => (Number)b, _ => null };
                return plain;
            }
        }

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
