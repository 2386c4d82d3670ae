//go:build ignore

// goker makes a module of tests out of GoKer's kernels as Go's own tree has them
// (runtime/testdata/testgoroutineleakprofile/goker), one package per kernel:
//
//	go run goker.go KERNELS OUT
//
// The kernels' files are copied as they are.  Beside each stands a test with the body of the
// kernel's function, once and on the test's own goroutine, as it stood in the project it comes
// from: Go's tree runs many copies in the background and waits for a profile, which is taken off.
// With GOKER_GOLEAK set, goleak.VerifyNone ends the test.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"log"
	"os"
	"path"
	"path/filepath"
	"strings"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: go run goker.go KERNELS OUT")
	}
	files, err := filepath.Glob(filepath.Join(os.Args[1], "*.go"))
	if err != nil || len(files) == 0 {
		log.Fatalf("no kernels in %s", os.Args[1])
	}
	for _, file := range files {
		if filepath.Base(file) == "main.go" {
			continue
		}
		if err := kernel(file, os.Args[2]); err != nil {
			log.Fatalf("%s: %v", file, err)
		}
	}
}

func kernel(file, out string) error {
	name := strings.TrimSuffix(filepath.Base(file), ".go")
	dir := filepath.Join(out, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, from := range []string{file, filepath.Join(filepath.Dir(file), "main.go")} {
		text, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(from)), text, 0o644); err != nil {
			return err
		}
	}
	text, err := test(file, name)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name+"_test.go"), text, 0o644)
}

// test is the source of a kernel's test.
func test(file, name string) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, nil, 0)
	if err != nil {
		return nil, err
	}
	fn := registered(f)
	if fn == nil {
		return nil, fmt.Errorf("no function is registered")
	}
	body := &ast.BlockStmt{List: once(fn.Body.List)}
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n\t\"os\"\n\t\"testing\"\n\n\t\"go.uber.org/goleak\"\n")
	for _, i := range f.Imports {
		base := path.Base(strings.Trim(i.Path.Value, `"`))
		if base != "os" && uses(body, base) {
			fmt.Fprintf(&b, "\t%s\n", i.Path.Value)
		}
	}
	if uses(body, "rand.Intn") {
		b.WriteString("\t\"math/rand\"\n")
	}
	fmt.Fprintf(&b, ")\n\nfunc Test%s(t *testing.T) {\n", fn.Name.Name)
	b.WriteString("\tif os.Getenv(\"GOKER_GOLEAK\") != \"\" {\n\t\tdefer goleak.VerifyNone(t)\n\t}\n\tbody()\n}\n\nfunc body() ")
	if err := format.Node(&b, fset, body); err != nil {
		return nil, err
	}
	b.WriteString("\n")
	return format.Source(b.Bytes())
}

// registered is the function that the kernel's init hands to register.
func registered(f *ast.File) (fn *ast.FuncDecl) {
	name := ""
	ast.Inspect(f, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && isName(c.Fun, "register") && len(c.Args) == 2 {
			if id, ok := c.Args[1].(*ast.Ident); ok {
				name = id.Name
			}
		}
		return true
	})
	for _, d := range f.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == name {
			fn = d
		}
	}
	return fn
}

// once takes off what looks for the leak, the loop that makes copies, and the go statement in
// front of the one thing that is done.
func once(list []ast.Stmt) []ast.Stmt {
	var kept []ast.Stmt
	for _, s := range list {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if len(s.Lhs) == 1 && isName(s.Lhs[0], "prof") {
				continue
			}
		case *ast.DeferStmt:
			if uses(s, "prof") {
				continue
			}
		case *ast.ForStmt:
			if passes(s.Body, "i") {
				kept = append(kept, anyOf(s))
			}
			kept = append(kept, s.Body.List...)
			continue
		}
		kept = append(kept, s)
	}
	gos := 0
	for _, s := range kept {
		if _, ok := s.(*ast.GoStmt); ok {
			gos++
		}
	}
	for i, s := range kept {
		if g, ok := s.(*ast.GoStmt); ok && gos == 1 {
			kept[i] = &ast.ExprStmt{X: g.Call}
		}
	}
	return kept
}

// anyOf is the loop's counter as of any of the copies.
func anyOf(s *ast.ForStmt) ast.Stmt {
	init, bound := s.Init.(*ast.AssignStmt), s.Cond.(*ast.BinaryExpr).Y
	draw := &ast.CallExpr{Fun: ast.NewIdent("rand.Intn"), Args: []ast.Expr{bound}}
	return &ast.AssignStmt{Lhs: init.Lhs, Tok: token.DEFINE, Rhs: []ast.Expr{draw}}
}

// passes: a go statement of the loop hands its counter on.
func passes(body *ast.BlockStmt, name string) bool {
	for _, s := range body.List {
		if g, ok := s.(*ast.GoStmt); ok {
			for _, arg := range g.Call.Args {
				if isName(arg, name) {
					return true
				}
			}
		}
	}
	return false
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func uses(n ast.Node, name string) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}
