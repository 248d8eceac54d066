using System.Reflection;
using System.Security.Cryptography;
using AutogradService.Engine;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.AspNetCore.Server.Model;
using Microsoft.Extensions.Options;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace AutogradService.Server.Calls;

/// <summary>CatalogService.</summary>
internal sealed class CatalogCalls
{
    private const string TorchVersion = "2.6.0";
    private readonly Wire.ListOpsResponse _catalog = new();
    private readonly Wire.GetServerInfoResponse _info;

    public CatalogCalls(IOptions<ServerOptions> options)
    {
        foreach (var entry in OpTable.Entries)
            if (!entry.Schema.Hidden) _catalog.Ops.Add(SchemaOf(entry.Schema));
        // Of the schemas' bytes, which are the same in every build of the same sources: fields are written in order, and there are no maps.
        _catalog.CatalogDigest = Convert.ToHexStringLower(SHA256.HashData(_catalog.ToByteArray()).AsSpan(0, 8));
        var limits = options.Value.Limits;
        _info = new Wire.GetServerInfoResponse
        {
            ServerVersion = typeof(CatalogCalls).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0",
            ApiVersion = ErrorStatus.Domain,
            CatalogDigest = _catalog.CatalogDigest,
            TorchVersion = TorchVersion,
            Limits = limits.ForServer(),
            SessionLimits = limits.ForSessions(),
            KernelThreads = (uint)KernelThreads.Count,
        };
        for (int i = 0; i < DTypes.Count; i++) _info.Dtypes.Add(TensorDescription.ToWire((DType)i));
    }

    public Wire.GetServerInfoResponse GetServerInfo() => _info;

    public Wire.ListOpsResponse ListOps(Wire.ListOpsRequest request)
    {
        if (request.NamePrefix.Length == 0) return _catalog;
        var response = new Wire.ListOpsResponse { CatalogDigest = _catalog.CatalogDigest };
        foreach (var op in _catalog.Ops)
            if (op.Name.StartsWith(request.NamePrefix, StringComparison.Ordinal)) response.Ops.Add(op);
        return response;
    }

    private static Wire.OpSchema SchemaOf(OpSchema schema)
    {
        var wire = new Wire.OpSchema
        {
            Name = schema.Name,
            Id = schema.Id,
            Doc = schema.Doc,
            CanInPlace = schema.CanInPlace,
            IsView = schema.IsView,
            Differentiable = schema.Differentiable,
            Gradient = schema.Gradient,
            TorchName = schema.Page,
        };
        foreach (var parameter in schema.Parameters)
            wire.Parameters.Add(new Wire.OpParameter
            {
                Name = parameter.Name,
                Kind = (Wire.ParameterKind)((int)parameter.Kind + 1),
                Optional = parameter.Optional,
                DefaultValue = DefaultOf(parameter.Default),
            });
        foreach (var output in schema.Outputs)
            wire.Outputs.Add(new Wire.OpOutput { Name = schema.Outputs.Length > 1 || output.IsList ? output.Name : "", IsList = output.IsList });
        return wire;
    }

    private static Wire.AttributeValue? DefaultOf(object? value) => value switch
    {
        null => null,
        bool b => new Wire.AttributeValue { BoolValue = b },
        int i => new Wire.AttributeValue { IntValue = i },
        long i => new Wire.AttributeValue { IntValue = i },
        float f => new Wire.AttributeValue { FloatValue = f },
        double f => new Wire.AttributeValue { FloatValue = f },
        string s => new Wire.AttributeValue { StringValue = s },
        DType dtype => new Wire.AttributeValue { DtypeValue = TensorDescription.ToWire(dtype) },
        Scalar { IsFloat: true } scalar => new Wire.AttributeValue { FloatValue = scalar.Real },
        Scalar { DType: DType.Bool } scalar => new Wire.AttributeValue { BoolValue = scalar.Integer != 0 },
        Scalar scalar => new Wire.AttributeValue { IntValue = scalar.Integer },
        IEnumerable<long> ints => new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { ints } } },
        _ => throw new InvalidOperationException($"a default of type {value.GetType().Name} has no place in the contract"),
    };

    /// <summary>Binds the service's methods.</summary>
    internal sealed class Methods : IServiceMethodProvider<CatalogCalls>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<CatalogCalls> context)
        {
            var table = new MethodTable<CatalogCalls>(context, Wire.CatalogReflection.Descriptor.Services[0]);
            table.Unary("GetServerInfo", Wire.GetServerInfoRequest.Parser, static (calls, _, _) => Task.FromResult(calls.GetServerInfo()));
            table.Unary("ListOps", Wire.ListOpsRequest.Parser, static (calls, request, _) => Task.FromResult(calls.ListOps(request)));
            table.End();
        }
    }
}
