module example.com/benign

go 1.21
