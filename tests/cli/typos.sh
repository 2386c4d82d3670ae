# What people type instead.
for word in chekc hcek test run recrod update baseline hepl versoin complete usage exce x; do
	gobudget "$word" 2>&1 | sed 's/^/  /'
done
