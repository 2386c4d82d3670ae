module example.com/sample/legacy

go 1.21
