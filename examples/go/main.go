// The service from Go, with nothing but the generated stubs: a Jacobian product by unary calls, then training steps pipelined over Execute.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"

	ag "autograd/v1"

	"google.golang.org/grpc"
)

const steps = 5

type example struct {
	calls      ag.AutogradServiceClient
	session    string
	lastHandle uint64
}

// Handles are the client's choice: count up from 1.
func (e *example) nextHandle() uint64 {
	e.lastHandle++
	return e.lastHandle
}

func (e *example) apply(ctx context.Context, call *ag.ApplyOp) (uint64, error) {
	call.Out = e.nextHandle()
	_, err := e.calls.ApplyOp(ctx, &ag.ApplyOpRequest{SessionId: e.session, ApplyOp: call})
	return call.Out, err
}

func (e *example) create(ctx context.Context, values []float32, shape []int64, requiresGrad bool) (uint64, error) {
	var data bytes.Buffer
	if err := binary.Write(&data, binary.LittleEndian, values); err != nil {
		return 0, err
	}
	tensor := &ag.CreateTensor{Out: e.nextHandle(), RequiresGrad: requiresGrad, Data: &ag.TensorData{Dtype: ag.DataType_DATA_TYPE_FLOAT32, Shape: shape, Data: data.Bytes()}}
	_, err := e.calls.CreateTensor(ctx, &ag.CreateTensorRequest{SessionId: e.session, CreateTensor: tensor})
	return tensor.Out, err
}

func (e *example) backward(ctx context.Context, root, gradient uint64, retainGraph bool) error {
	backward := &ag.Backward{Roots: []uint64{root}, GradOutputs: []uint64{gradient}, RetainGraph: retainGraph}
	_, err := e.calls.Backward(ctx, &ag.BackwardRequest{SessionId: e.session, Backward: backward})
	return err
}

func (e *example) printGrad(ctx context.Context, title string, tensor uint64) error {
	response, err := e.calls.GetGrad(ctx, &ag.GetGradRequest{SessionId: e.session, Tensor: tensor})
	if err != nil {
		return err
	}
	grad := response.Grad.Grad
	values, err := elements(grad)
	if err != nil {
		return err
	}
	fmt.Println(title)
	columns := int(grad.Shape[1])
	for row := 0; row < int(grad.Shape[0]); row++ {
		var line []string
		for _, value := range values[row*columns : (row+1)*columns] {
			line = append(line, fmt.Sprintf("%g", value))
		}
		fmt.Println(strings.Join(line, " "))
	}
	return nil
}

// The tutorial: what backward multiplies with the Jacobian, how gradients add up, and how they are zeroed.
func (e *example) jacobianProducts(ctx context.Context) error {
	input, err := e.apply(ctx, &ag.ApplyOp{Op: "eye", Extra: &ag.ApplyOpExtra{
		Attributes:   []*ag.OpAttribute{integer("n", 4), integer("m", 5)},
		RequiresGrad: true,
	}})
	if err != nil {
		return err
	}
	moved, err := e.apply(ctx, &ag.ApplyOp{Op: "add", A: input, IntegerScalar: 1})
	if err != nil {
		return err
	}
	squared, err := e.apply(ctx, &ag.ApplyOp{Op: "pow", A: moved, IntegerScalar: 2})
	if err != nil {
		return err
	}
	output, err := e.apply(ctx, &ag.ApplyOp{Op: "t", A: squared})
	if err != nil {
		return err
	}
	ones, err := e.apply(ctx, &ag.ApplyOp{Op: "ones_like", A: output})
	if err != nil {
		return err
	}
	for _, call := range []struct {
		title  string
		retain bool
	}{{"first call", true}, {"second call", true}, {"after zeroing", false}} {
		if !call.retain {
			zero := &ag.ZeroGrads{Tensors: []uint64{input}, FillWithZeros: true}
			if _, err := e.calls.ZeroGrads(ctx, &ag.ZeroGradsRequest{SessionId: e.session, ZeroGrads: zero}); err != nil {
				return err
			}
		}
		if err := e.backward(ctx, output, ones, call.retain); err != nil {
			return err
		}
		if err := e.printGrad(ctx, call.title, input); err != nil {
			return err
		}
	}
	return nil
}

// Five steps of gradient descent, sent without waiting for any answer.
func (e *example) training(ctx context.Context) error {
	x, err := e.create(ctx, []float32{1, 2, 3, 4}, []int64{2, 2}, false)
	if err != nil {
		return err
	}
	target, err := e.create(ctx, []float32{5, 11}, []int64{2, 1}, false)
	if err != nil {
		return err
	}
	w, err := e.create(ctx, []float32{0, 0}, []int64{2, 1}, true)
	if err != nil {
		return err
	}
	stream, err := e.calls.Execute(ctx)
	if err != nil {
		return err
	}
	var seq uint64
	for step := 0; step < steps; step++ {
		y, loss, grad := e.nextHandle(), e.nextHandle(), e.nextHandle()
		update := &ag.ApplyOp{Op: "sub", A: w, B: grad, InPlace: true, Extra: &ag.ApplyOpExtra{Attributes: []*ag.OpAttribute{real("alpha", 0.05)}}}
		commands := []*ag.Command{
			{Action: &ag.Command_ApplyOp{ApplyOp: &ag.ApplyOp{Op: "matmul", A: x, B: w, Out: y}}},
			{Action: &ag.Command_ApplyOp{ApplyOp: &ag.ApplyOp{Op: "mse_loss", A: y, B: target, Out: loss}}},
			{Action: &ag.Command_Backward{Backward: &ag.Backward{Roots: []uint64{loss}}}},
			{Action: &ag.Command_AliasGrad{AliasGrad: &ag.AliasGrad{Tensor: w, Out: grad}}},
			{NoGrad: true, Action: &ag.Command_ApplyOp{ApplyOp: update}},
			{Action: &ag.Command_ZeroGrads{ZeroGrads: &ag.ZeroGrads{Tensors: []uint64{w}}}},
			{WantResult: true, Action: &ag.Command_ReadTensor{ReadTensor: &ag.ReadTensor{Tensor: loss}}},
			{Action: &ag.Command_ReleaseTensors{ReleaseTensors: &ag.ReleaseTensors{Handles: []uint64{y, loss, grad}}}},
		}
		if step == steps-1 {
			commands = append(commands, &ag.Command{WantResult: true, Action: &ag.Command_ReadTensor{ReadTensor: &ag.ReadTensor{Tensor: w}}})
		}
		for _, command := range commands {
			seq++
			command.Seq = seq
		}
		frame := &ag.ExecuteRequest{Commands: commands}
		if step == 0 {
			frame.SessionId = e.session // the first frame names the session
		}
		if err := stream.Send(frame); err != nil {
			break // the answers' end tells why
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	var values [][]float32
	for {
		response, err := stream.Recv()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		for _, result := range response.Results {
			if failure := result.GetError(); failure != nil {
				return fmt.Errorf("command %d: %s", result.Seq, failure.Message)
			}
			read, err := elements(result.GetTensor())
			if err != nil {
				return err
			}
			values = append(values, read)
		}
	}
	if len(values) != steps+1 {
		return fmt.Errorf("%d answers instead of %d", len(values), steps+1)
	}
	for step, loss := range values[:steps] {
		fmt.Printf("step %d: loss %.4f\n", step+1, loss[0])
	}
	fmt.Printf("w: %.4f %.4f\n", values[steps][0], values[steps][1])
	return nil
}

func integer(name string, value int64) *ag.OpAttribute {
	return &ag.OpAttribute{Name: name, Value: &ag.AttributeValue{Value: &ag.AttributeValue_IntValue{IntValue: value}}}
}

func real(name string, value float64) *ag.OpAttribute {
	return &ag.OpAttribute{Name: name, Value: &ag.AttributeValue{Value: &ag.AttributeValue_FloatValue{FloatValue: value}}}
}

func elements(data *ag.TensorData) ([]float32, error) {
	values := make([]float32, len(data.Data)/4)
	return values, binary.Read(bytes.NewReader(data.Data), binary.LittleEndian, values)
}

func run(address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	connection, err := grpc.DialContext(ctx, address, grpc.WithInsecure(), grpc.WithBlock())
	if err != nil {
		return err
	}
	defer connection.Close()
	sessions := ag.NewSessionServiceClient(connection)
	created, err := sessions.CreateSession(ctx, &ag.CreateSessionRequest{})
	if err != nil {
		return err
	}
	e := &example{calls: ag.NewAutogradServiceClient(connection), session: created.Session.SessionId}
	defer sessions.DeleteSession(ctx, &ag.DeleteSessionRequest{SessionId: e.session})
	if err := e.jacobianProducts(ctx); err != nil {
		return err
	}
	return e.training(ctx)
}

func main() {
	address := "localhost:50051"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	if err := run(address); err != nil {
		log.Fatal(err)
	}
}
