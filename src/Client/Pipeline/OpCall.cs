namespace AutogradService.Client;

/// <summary>A call of an op while it is put together. One a thread, used again and again: a call is built and sent without interruption.</summary>
internal sealed class OpCall
{
    [ThreadStatic]
    private static OpCall? s_current;

    private readonly Wire.Command _command = new() { ApplyOp = new Wire.ApplyOp() };
    private readonly KnownOp[] _known = new KnownOp[64];
    private Operand[] _operands = new Operand[4];
    private int _count;
    private AutogradSession _session = null!;
    private string _name = "";
    private bool _requiresGrad;

    private OpCall()
    {
    }

    private Wire.ApplyOp Apply => _command.ApplyOp;

    private Wire.ApplyOpExtra Extra => Apply.Extra ??= new Wire.ApplyOpExtra();

    /// <summary>Starts a call.</summary>
    public static OpCall Begin(AutogradSession session, string op)
    {
        var call = s_current ??= new OpCall();
        call._session = session;
        call._name = op;
        call.ForgetOperands();
        call._requiresGrad = false;
        var apply = call.Apply;
        apply.OpId = call.IdOf(session.Catalog, op);
        apply.Op = apply.OpId == 0 ? op : "";
        apply.A = apply.B = apply.Out = 0;
        apply.ClearScalar();
        apply.ClearIntegerScalar();
        apply.ClearBoolScalar();
        apply.InPlace = false;
        apply.Extra = null;
        return call;
    }

    /// <summary>Adds an operand.</summary>
    public OpCall In(in Operand operand)
    {
        if (_count == _operands.Length) Array.Resize(ref _operands, 2 * _count);
        _operands[_count++] = operand;
        return this;
    }

    /// <summary>Adds a tensor operand.</summary>
    public OpCall In(Tensor? tensor) => In((Operand)tensor);

    /// <summary>Adds a list operand.</summary>
    public OpCall In(ReadOnlySpan<Tensor?> tensors) => In(Operand.List(tensors));

    /// <summary>Adds an attribute.</summary>
    public OpCall With(string name, in OpArgument value)
    {
        Extra.Attributes.Add(new Wire.OpAttribute { Name = name, Value = value.ToWire() });
        return this;
    }

    /// <summary>Makes the results leaves that require grad.</summary>
    public OpCall RequiringGrad(bool requiresGrad)
    {
        _requiresGrad = requiresGrad;
        return this;
    }

    /// <summary>Sends a call with one result.</summary>
    public Tensor Run(in Source source)
    {
        Bind();
        var result = _session.NewResult();
        Apply.Out = result.Handle;
        Send(source);
        return result;
    }

    /// <summary>Sends a call with a known number of results.</summary>
    public Tensor[] Run(int outputs, in Source source)
    {
        if (outputs == 0) return [];
        Bind();
        var results = new Tensor[outputs];
        for (int i = 0; i < outputs; i++)
        {
            results[i] = _session.NewResult();
            if (i == 0) Apply.Out = results[0].Handle;
            else Extra.Outputs.Add(results[i].Handle);
        }
        Send(source);
        return results;
    }

    /// <summary>Sends the in-place form.</summary>
    /// <returns>The first operand.</returns>
    public Tensor RunInPlace(in Source source)
    {
        var self = _operands[0].Tensor!;
        Apply.InPlace = true;
        Bind();
        Send(source);
        return self;
    }

    /// <summary>Sends a call whose number of results only the server knows, and awaits them.</summary>
    public Task<Tensor[]> RunAsync(in Source source, CancellationToken cancellation)
    {
        if (_session.Recording is not null) throw FunctionTrace.Refuse(_name);
        Bind();
        _session.SetModes(_command);
        var asking = _session.Pipeline.AskAsync(_command, _name, source, cancellation);
        KeepAlive();
        return ResultsAsync(_session, asking);
    }

    private static async Task<Tensor[]> ResultsAsync(AutogradSession session, Task<Wire.CommandResult> asking)
    {
        var result = await asking.ConfigureAwait(false);
        var tensors = new Tensor[result.Outputs.Tensors.Count];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = session.NewTensor(result.Outputs.Tensors[i].Handle);
        return tensors;
    }

    private void Send(in Source source)
    {
        _session.SetModes(_command);
        if (_session.Recording is { } recording) recording.Add(_command);
        else _session.Pipeline.Send(_command, _name, source);
        KeepAlive();
    }

    // An operand may be collected, and released, only after the command that uses it was given.
    private void KeepAlive()
    {
        GC.KeepAlive(_operands);
        ForgetOperands();
    }

    private void ForgetOperands()
    {
        _operands.AsSpan(0, _count).Clear();
        _count = 0;
    }

    // A method names its op by the same string every time, so that the string itself is known again, without looking into it.
    private uint IdOf(Catalog catalog, string op)
    {
        if (op.Length == 0) return 0;
        ref var known = ref _known[(op.Length * 5 + op[0] + 3 * op[^1]) & (_known.Length - 1)];
        if (!ReferenceEquals(known.Name, op) || !ReferenceEquals(known.Catalog, catalog)) known = new KnownOp(op, catalog, catalog.IdOf(op));
        return known.Id;
    }

    private readonly record struct KnownOp(string Name, Catalog Catalog, uint Id);

    private void Bind()
    {
        while (_count > 0 && _operands[_count - 1].IsNone) _count--;
        if (_requiresGrad) Extra.RequiresGrad = true;
        int count = _count;
        bool flat = count <= 2 && (count == 0 || _operands[0].Tensor is not null) && (count < 2 || _operands[1].Tensor is not null || _operands[1].IsNumber);
        if (!flat)
        {
            foreach (ref readonly var operand in _operands.AsSpan(0, count)) Extra.Operands.Add(ToWire(operand));
            return;
        }
        if (count > 0) Apply.A = HandleOf(_operands[0].Tensor!);
        if (count < 2) return;
        if (_operands[1].Tensor is { } second)
        {
            Apply.B = HandleOf(second);
            return;
        }
        var number = _operands[1].Number;
        if (number.Kind == NumberKind.Float) Apply.Scalar = number.Real;
        else if (number.Kind == NumberKind.Integer) Apply.IntegerScalar = number.Integer;
        else Apply.BoolScalar = number.Integer != 0;
    }

    private Wire.Operand ToWire(in Operand operand)
    {
        var wire = new Wire.Operand();
        if (operand.Tensor is { } tensor) wire.Handle = HandleOf(tensor);
        else if (operand.Tensors is { } list)
        {
            wire.List = new Wire.HandleList();
            foreach (var item in list) wire.List.Handles.Add(item is null ? 0 : HandleOf(item));
        }
        else if (operand.IsNumber)
        {
            var number = operand.Number;
            if (number.Kind == NumberKind.Float) wire.Number = number.Real;
            else if (number.Kind == NumberKind.Integer) wire.Integer = number.Integer;
            else wire.Boolean = number.Integer != 0;
        }
        return wire;
    }

    private ulong HandleOf(Tensor tensor) => _session.HandleOf(tensor);
}
