"""`python -m bench`: what Confer's pages, acts and sheets cost, beside yardsticks of the same run.

Each figure is one line of JSON. A rate is told as it is and as a part of the rate of an empty WSGI
application under the same server and the same load; a sheet is compared with the same sheet set by
Typst. Everything happens in a data folder of its own that is thrown away.
"""
