module gobudget.example/selftest

go 1.21
