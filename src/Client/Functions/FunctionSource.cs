namespace AutogradService.Client;

/// <summary>What a function is, and whether the server knows: shared by all views of one function.</summary>
internal sealed class FunctionSource
{
    private readonly Wire.Function? _function;
    private readonly Tensor[] _state;
    private readonly Lock _lock = new();
    private Task<string>? _registering;

    /// <summary>A function that was recorded.</summary>
    /// <param name="connection">Where it will run.</param>
    /// <param name="function">The function; its last parameters, whose shapes are not known yet, are the state.</param>
    /// <param name="state">Tensors of the session that it uses beside its parameters.</param>
    public FunctionSource(FunctionConnection connection, Wire.Function function, Tensor[] state)
    {
        Connection = connection;
        _function = function;
        _state = state;
        Parameters = [.. function.Parameters.Take(function.Parameters.Count - state.Length)];
        Results = function.Results.Count;
        Name = function.DisplayName;
    }

    /// <summary>A function that the server told of.</summary>
    public FunctionSource(FunctionConnection connection, Wire.FunctionDescription description)
    {
        Connection = connection;
        _state = [];
        Parameters = [.. description.Parameters];
        Results = description.Results.Count;
        Name = description.DisplayName;
        _registering = Task.FromResult(description.FunctionId);
    }

    public FunctionConnection Connection { get; }

    /// <summary>What a caller gives, state aside.</summary>
    public Wire.FunctionParameter[] Parameters { get; }

    /// <summary>How many results there are.</summary>
    public int Results { get; }

    public string Name { get; }

    /// <summary>The function as it is registered, where this client has recorded it.</summary>
    public Wire.Function? Definition => _function;

    /// <summary>Tensors of the session that are given with every call.</summary>
    public ReadOnlySpan<Tensor> State => _state;

    /// <summary>The parameter that stands for a captured tensor; null: it is none.</summary>
    public string? NameOf(Tensor tensor)
    {
        for (int i = 0; i < _state.Length; i++)
            if (_state[i].Handle == tensor.Handle && ReferenceEquals(_state[i].Session, tensor.Session)) return _function!.Parameters[Parameters.Length + i].Name;
        return null;
    }

    /// <summary>The id, once the server has the function.</summary>
    public Task<string> RegisterAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_registering is null or { IsFaulted: true } or { IsCanceled: true }) _registering = RegisterNowAsync();
            return _registering.IsCompletedSuccessfully ? _registering : _registering.WaitAsync(cancellation);
        }
    }

    /// <summary>Registers again: the server said that it does not have the function.</summary>
    /// <returns>False if this client cannot, because others recorded the function.</returns>
    public async Task<bool> RegisterAgainAsync(CancellationToken cancellation)
    {
        if (_function is null) return false;
        Task<string> registering;
        lock (_lock) registering = _registering = RegisterNowAsync();
        await registering.WaitAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Keeps captured tensors from being collected while a call is under way.</summary>
    public void KeepAlive() => GC.KeepAlive(_state);

    private async Task<string> RegisterNowAsync()
    {
        var function = _function!;
        for (int i = 0; i < _state.Length; i++)
        {
            var parameter = function.Parameters[Parameters.Length + i];
            if (parameter.Dtype != Wire.DataType.Unspecified) continue;
            var info = await _state[i].DescribeAsync().ConfigureAwait(false);
            foreach (long size in info.Shape) parameter.Shape.Add(new Wire.Dimension { Fixed = size });
            parameter.Dtype = (Wire.DataType)info.DType;
        }
        var response = await AutogradSession.CallAsync("register_function", () => Connection.Calls.RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = function }), CancellationToken.None).ConfigureAwait(false);
        return response.Function.FunctionId;
    }
}
